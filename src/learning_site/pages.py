"""Which pages the data makes, where each record is shown, and the navigation: plain functions of a Site.

Nothing here is written to disk or told to MkDocs; mkdocs_events.py does that.
"""

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from learning_site.model import KINDS, LanguageCode, Localized, Site, Withdrawn, Word

HOME = "index.md"
ALL_PAGES = "all-pages.md"
CHECKED = "checked.md"
DATA = "data.md"  # the page about the data
NOTED = frozenset({"evidence", "testimonies"})  # kinds whose page says what it speaks of
NO_CONTENTS = frozenset({"sources.md"})  # pages with a list of contents of their own

# Where a record of a kind is shown: its own page, or an anchor on the page of its kind.
ADDRESSES = {
    "site": "index.md",
    "ui": "index.md",
    "wording": "index.md",
    "link_status": "sources.md",
    "agreed_words": "maintain/translating.md",
    "rules": "maintain/rules.md#{id}",
    "addresses": "index.md",
    "initiative": "initiative.md",
    "elements": "elements/{id}.md",
    "cases": "cases/{id}.md",
    "questions": "questions/{id}.md",
    "testimonies": "testimonies.md#{id}",
    "evidence": "evidence.md#{id}",
    "tools": "tools.md#{id}",
    "safeguards": "safeguards.md#{id}",
    "glossary": "glossary.md#{id}",
    "sources": "sources.md#{id}",
}


# The two forms of a facilitator card, each a page of its own beside the element's.
SHEETS = {"one": "cards/{id}.md", "two-up": "cards/{id}/two-up.md"}


@dataclass(frozen=True)
class Page:
    """A page made from data: its path below docs/, the component that draws it, the data file to edit it in, if one."""

    path: str
    component: str
    title: Localized
    file: str | None
    description: Localized | None = None
    record_id: str = ""
    kind: str = ""  # of the record or the records that it shows
    hides: tuple[str, ...] = ()
    paper: str | None = None
    searched: bool = True
    sensitive: bool = False
    template: str | None = None
    element: int | None = None  # the order of the element that it is about, for its colour

    def source(self, language: LanguageCode) -> str:
        """The page as MkDocs reads it: front matter, then one call of a component."""
        meta: dict[str, object] = {"title": escaped(self.title, language)}
        if (written_in := self.title.best(language)[1]) != language and not self.title.neutral:
            meta["title_language"] = written_in
        if self.kind:
            meta["kind"] = self.kind
        if self.record_id:
            meta["record"] = self.record_id
        if self.description:
            meta["description"] = escaped(self.description, language)
        if self.hides:
            meta["hide"] = list(self.hides)
        if self.paper:
            meta["paper"] = self.paper
        if not self.searched:
            meta["search"] = {"exclude": True}
        if self.sensitive:
            meta["sensitive"] = True
        if self.element is not None:
            meta["element"] = self.element
        if self.template:
            meta["template"] = self.template
        argument = json.dumps(self.record_id) if self.record_id else ""
        front = "\n".join(f"{key}: {json.dumps(value)}" for key, value in meta.items())
        return f"---\n{front}\n---\n{{{{ {self.component}({argument}) }}}}\n"


def escaped(text: Localized, language: LanguageCode) -> str:
    """A text in a language (or else in English) as HTML, for the places where the theme escapes nothing."""
    return inert_html(text.best(language)[0])


def inert_html(text: str) -> str:
    """Text as HTML in which neither the macros plugin nor the output check finds marks of a template."""
    return html.escape(text).replace("{", "&#123;").replace("}", "&#125;").replace("]", "&#93;")


def sheet(form: str, element_id: str) -> str:
    """Where a form of an element's facilitator card is, as a path below docs/."""
    return SHEETS[form].format(id=element_id)


def target(kind: str, record_id: str) -> str:
    """Where a record is shown, as a Markdown link target from the root of docs/."""
    return "/" + ADDRESSES[kind].format(id=record_id)


def location(kind: str, record_id: str) -> str:
    """Where a record is shown, as an address below the site's root."""
    path, _, anchor = ADDRESSES[kind].format(id=record_id).partition("#")
    return address(path) + (f"#{anchor}" if anchor else "")


def published(site: Site, language: LanguageCode, location: str) -> str:
    """The whole address of a place below the root, in a language."""
    return f"{site.settings.address}{'' if language == site.main_language else f'{language}/'}{location}"


def address(path: str) -> str:
    """The address below the site's root of a page by its path below docs/."""
    folder = path.removesuffix(".md").removesuffix("index")
    return f"{folder}/" if folder and not folder.endswith("/") else folder


def sources_of(kind: str, record_id: str) -> list[str]:
    """The pages of a record as paths below docs/, the first with the place on it, if it has no page of its own."""
    sheets = [sheet(form, record_id) for form in SHEETS] if kind == "elements" else []
    return [target(kind, record_id)[1:], *sheets]


def renamed(site: Site) -> dict[str, str]:
    """Addresses that pages had before their records were renamed, each with the one that they have now.

    A record without a page of its own keeps its former anchors on the page where it is shown.
    """
    found: dict[str, str] = {}
    for kind, record_id, record in site.every():
        for former in getattr(record, "former_ids", ()):
            if "#" not in ADDRESSES[kind]:
                found[location(kind, former)] = location(kind, record_id)
            if kind == "elements" and record_id in site.with_card:
                found |= {address(sheet(form, former)): address(sheet(form, record_id)) for form in SHEETS}
    return found


def taken_out(site: Site) -> dict[str, Withdrawn]:
    """The pages that were taken out, by address."""
    return {gone.address: gone for gone in site.addresses.withdrawn if not gone.anchor}


def moved(site: Site) -> dict[str, str]:
    """Addresses of pages that were renamed or taken out, each with the place that stands for it now."""
    found = renamed(site) | {before: gone.leads_to for before, gone in taken_out(site).items()}
    return {before: place_now(found, now) for before, now in found.items()}


def place_now(moved: Mapping[str, str], place: str) -> str:
    """Where a place is now that its page has moved, perhaps more than once."""
    for _ in moved:
        page, _, anchor = place.partition("#")
        if page not in moved:
            break
        now = moved[page]
        place = f"{now}#{anchor}" if anchor and "#" not in now else now
    return place


def withdrawn_places(site: Site) -> dict[str, dict[str, Withdrawn]]:
    """The places that no longer hold what they held, by the page as it is called now and by their names on it."""
    now, gone_pages = renamed(site), taken_out(site)
    found: dict[str, dict[str, Withdrawn]] = {}
    for gone in site.addresses.withdrawn:
        page = now.get(gone.page, gone.page)
        if gone.anchor and page not in gone_pages:
            found.setdefault(page, {}).setdefault(gone.anchor, gone)
    return found


def pages(site: Site) -> list[Page]:
    """Every page that the data makes, in reading order."""
    return [
        _whole(site, "initiative", "initiative.md", "initiative.yml"),
        _whole(site, "elements", "elements/index.md", "initiative.yml"),
        *_each(site, "elements", "element_page"),
        _whole(site, "cases", "cases/index.md", "initiative.yml"),
        *_each(site, "cases", "case_page"),
        _whole(site, "questions", "questions/index.md", "questions.yml"),
        *_each(site, "questions", "question_page", title=lambda record: record.short),
        _whole(site, "matrix", "matrix.md", None),
        *(
            _whole(site, kind, f"{kind}.md", KINDS[kind].place)
            for kind in ("evidence", "testimonies", "tools", "safeguards", "glossary", "sources")
        ),
        _whole(site, "cards", "cards/index.md", None),
        *(card for element_id in site.with_card for card in _cards(site, element_id)),
        replace(_whole(site, "checked", CHECKED, None), searched=False),
        replace(_whole(site, "all_pages", ALL_PAGES, None), template="all-pages.html", searched=False),
    ]


def _cards(site: Site, element_id: str) -> list[Page]:
    """The facilitator card of an element: one on a sheet of A4, and two of A5 on one."""
    element = site.elements[element_id]
    of_element = (element.name, KINDS["elements"].file(element_id), element.summary, element_id, "elements")
    one = Page(
        sheet("one", element_id),
        "card_page",
        *of_element,
        hides=("toc",),
        paper="portrait",
        sensitive=bool(site.subjects("elements", element_id)),
        element=element.order,
    )
    two_up = replace(
        one,
        path=sheet("two-up", element_id),
        component="card_two_up_page",
        hides=("toc", "navigation"),
        paper="landscape",
        searched=False,
    )
    return [one, two_up]


def _whole(site: Site, word: str, path: str, file: str | None) -> Page:
    """A page that is not about one record: `word` names it in ui.yml, where `about_` it describes it; `file` edits it.

    What has no description there is about the initiative as a whole.
    """
    about = site.ui.get(f"about_{word}")
    return Page(
        path,
        f"{word}_page",
        _of_word(site.ui[word]),
        file,
        _of_word(about) if about else site.initiative.summary,
        kind=word if word in KINDS else "",
        hides=("toc",) if path in NO_CONTENTS else (),
        sensitive=word in NOTED and bool(site.subjects(word)),
    )


def _of_word(word: Word) -> Localized:
    return Localized.model_validate(word.model_dump())


def _each(
    site: Site, kind: str, component: str, title: Callable[..., Localized] = lambda record: record.name
) -> list[Page]:
    """A page for each record of a kind."""
    return [
        Page(
            target(kind, i)[1:],
            component,
            title(r),
            KINDS[kind].file(i),
            r.summary,
            i,
            kind,
            sensitive=bool(site.subjects(kind, i)),
            element=getattr(r, "order", None),
        )
        for i, r in site.kind(kind).items()
    ]


Navigation = list[dict[str, object]]


def navigation(site: Site, language: LanguageCode, prose: dict[str, str]) -> Navigation:
    """The navigation in a language; `prose` is the pages that staff wrote themselves, as path and title."""
    titles = {page.path: escaped(page.title, language) for page in pages(site)}

    def entries(*paths: str) -> list[dict[str, object]]:
        return [{titles[path]: path} for path in paths]

    def section(word: str, content: list[dict[str, object]]) -> dict[str, object]:
        return {inert_html(getattr(site.ui[word], language)): content}

    def of_kind(kind: str) -> dict[str, object]:
        paths = [f"{kind}/index.md", *(target(kind, i)[1:] for i in site.kind(kind))]
        return section(kind, entries(*paths))

    practice = [
        *entries("safeguards.md"),
        section("cards", entries("cards/index.md", *(sheet("one", element_id) for element_id in site.with_card))),
    ]
    written: Navigation = [
        {inert_html(title): path} for path, title in prose.items() if "/" not in path and path != HOME
    ]
    folders: Navigation = [
        {inert_html(title): [{inert_html(prose[inner]): inner} for inner in _within(path, prose)]}
        for path, title in prose.items()
        if path.endswith("/index.md")
    ]
    return [
        {inert_html(getattr(site.ui["home"], language)): HOME},
        section("initiative_tab", [*entries("initiative.md"), of_kind("questions")]),
        of_kind("elements"),
        of_kind("cases"),
        section("library", [*entries("matrix.md", "evidence.md", "testimonies.md", "tools.md"), *practice]),
        section("reference", entries("glossary.md", "sources.md")),
        section("about_site", [*written, *entries(CHECKED, ALL_PAGES), *folders]),
    ]


def _within(index: str, prose: dict[str, str]) -> list[str]:
    """The pages that staff wrote in the folder of an index page, which comes first."""
    folder = index.removesuffix("index.md")
    return [index, *(path for path in prose if path.startswith(folder) and path != index)]
