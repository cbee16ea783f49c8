"""Draws the components: one method for each macro, which gives a template what it needs. Markup is in templates/.

A text that comes out of a template is safe by itself: plain texts show every sign as typed, Markdown texts can hold
only what staff_markdown.py allows, and an untranslated text stands in English inside its own `lang`.
"""

import datetime
import functools
from collections.abc import Callable, Iterable, Sized
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined, Template, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from learning_site import bibliography, charts, citing, data_dictionary, pages, picture, reviews
from learning_site.first_uses import FirstUses, Forms
from learning_site.model import (
    KINDS,
    MAIN_LANGUAGE,
    SUBJECTS,
    Claim,
    Event,
    LanguageCode,
    Localized,
    MarkdownText,
    Rule,
    Site,
    Source,
    Subject,
    Term,
)
from learning_site.prose import UnknownRecord
from learning_site.references import Reference, references, spoken
from learning_site.search_words import without_accents
from learning_site.staff_markdown import Explaining, markdown_on_page, part_on_page, plain_on_page, words

Component = Callable[..., str]

# Babel knows which digits a language writes but not their signs; they follow each other in Unicode.
ZEROS = {"latn": "0", "deva": "०"}

OTHER_SIGNS = "0-9"  # stands for the letter of a title that begins with none

# English dates in the order that readers outside the United States know.
DATE_LOCALES = {"en": "en_GB"}


@dataclass(frozen=True)
class Proof:
    """The figures of the page about how the site is checked: measured without a browser, and by tests."""

    here: tuple[str, ...] = ("pages", "links", "claims")
    by_tests: tuple[str, ...] = ("html", "accessibility", "requests")

    @property
    def every(self) -> tuple[str, ...]:
        """All of them, in the order of the page."""
        return self.here + self.by_tests


PROOF = Proof()


@pass_context
def _finalized(context: Context, value: Any) -> Any:
    """What a template writes, made safe by its type."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, Localized):
        return context["renderer"].shown(value)
    if isinstance(value, str):
        return Markup(plain_on_page(value))
    if isinstance(value, (int, Decimal)):
        return context["renderer"].number(value)
    raise TypeError(f"a template cannot write {value!r}")


ENVIRONMENT = Environment(
    loader=PackageLoader("learning_site"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_finalized,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters["code"] = lambda number: Markup(f"{number:g}")  # a number in an attribute, in no language's digits
ENVIRONMENT.filters["part"] = lambda text: Markup(part_on_page(text))  # of a line that is written in several


def _looked_up(title: str) -> str:
    """A title as it is looked up in an alphabetical list: from its first letter or digit on."""
    bare = without_accents(title).casefold()
    return bare[next((place for place, sign in enumerate(bare) if sign.isalnum()), 0) :]


def _letter_anchor(letter: str) -> Markup:
    """The id of the heading of a letter."""
    return Markup(f"letter-{'other' if letter == OTHER_SIGNS else letter.lower()}")


class Citations:
    """Numbers the sources of one page in the order in which they are first cited."""

    def __init__(self) -> None:
        self.used: list[str] = []

    def number(self, source_id: str) -> int:
        """The number of a source on this page."""
        if source_id not in self.used:
            self.used.append(source_id)
        return self.used.index(source_id) + 1


class _Anchors:
    """Gives each claim of one page its place there, where it is shown for the first time."""

    def __init__(self) -> None:
        self.given: set[str] = set()

    def __call__(self, claim: Claim) -> Markup | None:
        """The id of a claim, None where the page has it already."""
        anchor = claim.anchor
        if anchor in self.given:
            return None
        self.given.add(anchor)
        return Markup(anchor)


class Renderer:
    """Draws the components of a site in one language, as things stand on a day: today, if no other is given."""

    def __init__(self, site: Site, language: LanguageCode, day: datetime.date | None = None) -> None:
        self.site = site
        self.language = language
        self._today = day or datetime.date.today()
        locale = Locale.parse(language)
        zero = ord(ZEROS[locale.default_numbering_system])
        self._plural_form = locale.plural_form
        self._digits = {ord("0") + digit: zero + digit for digit in range(10)}
        self._templates: dict[str, Template] = {}
        self._forms = Forms(site.glossary)
        self._words_reviewed = all(word.is_reviewed(language) for word in site.ui.values())
        self._shows_unreviewed = False
        self.speaks_of: set[Subject] = set()
        """The subjects of the single testimonies that were drawn, so that a page which asks for one is left quickly."""
        self._given = {
            "renderer": self,
            "site": site,
            "language": language,
            "word": self.word,
            "counted": self.counted,
            "colon": Markup(self.word("labelled", label="")),
            "words": self.words,
            "date": self.date,
            "link": self.link,
            "sheet": lambda form, element_id: Markup(f"/{pages.sheet(form, element_id)}"),
            "target": lambda kind, record_id: Markup(pages.target(kind, record_id)),
            "language_name": self.language_name,
            "subjects_named": self.subjects_named,
            "role": self._role,
            "alphabetical": self.alphabetical,
            "chronological": self.chronological,
            "titled": self.titled,
            "year_scale": self.year_scale,
            "event_start": self.event_start,
            "event_end": self.event_end,
            "percent_scale": charts.percent(),
            "ratio_scale": charts.ratios(self._ratios()),
        }

    def components(self) -> dict[str, Component]:
        """Every component that a page can call, by name."""
        return {name: getattr(self, name) for name in COMPONENTS}

    # ------------------------------------------------------------ what templates can use

    def word(self, word_id: str, **blanks: int | Decimal | str | Localized) -> str:
        """A word of the site in this language, its blanks filled in."""
        text: str = getattr(self.site.ui[word_id], self.language)
        return text.format(**{key: self._blank(value) for key, value in blanks.items()}) if blanks else text

    def counted(self, word_id: str, count: int) -> str:
        """A word of the site with its {count}, in the form that this language has for that many."""
        form = f"{word_id}_{self._plural_form(count)}"
        return self.word(form if form in self.site.ui else f"{word_id}_other", count=count)

    def _blank(self, value: int | Decimal | str | Localized) -> str:
        if isinstance(value, Localized):
            return self.words(value)
        return value if isinstance(value, str) else str(self.number(value))

    def words(self, text: Localized) -> str:
        """A text without any mark, for attributes and pictures; English where there is no other."""
        return self._best(text)[0]

    def _best(self, text: Localized) -> tuple[str, LanguageCode]:
        source, language = text.best(self.language)
        if language == self.language and not text.is_reviewed(language):
            self._shows_unreviewed = True
        return source, language

    def shown(self, text: Localized, uses: FirstUses | None = None) -> Markup:
        """A text as page source, inside its own `lang` where it is not in this language, marked where it may be old.

        With `uses`, each term that the page uses for the first time is explained.
        """
        source, language = self._best(text)
        if not isinstance(text, MarkdownText):
            page = plain_on_page(source)
        elif uses is None:
            page = markdown_on_page(source, pages.target)
        else:
            explaining = Explaining(lambda said: uses.parts(said, language), uses.first, self._term)
            page = markdown_on_page(source, pages.target, explaining)
        if language != self.language:
            page = self._draw("parts/untranslated", text=Markup(page))
        elif text.standing(language) == "stale":
            page = self._draw("parts/outdated", text=Markup(page))
        return Markup(page)

    def _term(self, label: str, term_id: str) -> str:
        """The words of a term, which are page source already, with its definition."""
        definition, language = self._best(self.site.glossary[term_id].definition)
        said = {"definition": words(definition), "definition_language": language}
        return self._draw("parts/term", label=Markup(label), term_id=term_id, **said)

    def day_in_reference(self, day: datetime.date | None) -> str:
        """A day as a reference has it, the year first; or that none is known."""
        if day is None:
            return self.word("no_date")
        locale = DATE_LOCALES.get(self.language, self.language)
        return f"{day.year}, {format_skeleton('MMMMd', day, locale=locale)}".translate(self._digits)

    def number(self, value: int | Decimal) -> Markup:
        """A number in this language's digits, with as many decimal places as it was written with."""
        places = -int(value.as_tuple().exponent) if isinstance(value, Decimal) else 0
        pattern = f"#,##0.{'0' * places}" if places else None
        return Markup(format_decimal(value, format=pattern, locale=self.language).translate(self._digits))

    def date(self, when: str | datetime.date) -> str:
        """A year, a month or a day in this language's form."""
        parts = [int(part) for part in str(when).split("-")]
        locale = DATE_LOCALES.get(self.language, self.language)
        day = datetime.date(*[*parts, 1, 1][:3])
        if len(parts) == 3:
            said = format_date(day, "long", locale=locale)
        else:
            said = format_skeleton("y" if len(parts) == 1 else "yMMMM", day, locale=locale)
        return said.translate(self._digits)

    def link(self, kind: str, record_id: str, text: Localized | str | None = None) -> Markup:
        """A link to a record, by its name if no other text is given."""
        label = text if text is not None else self.name(kind, record_id)
        return Markup(self._draw("parts/link", label=label, address=Markup(pages.target(kind, record_id))))

    def subjects_named(self, subjects: Iterable[str]) -> str:
        """What a page speaks of, as a list in this language."""
        named = [self.word(f"subject_{subject.replace('-', '_')}") for subject in subjects]
        return format_list(named, locale=self.language)

    def _role(self, owner: str) -> str:
        """The words for a role that looks after content."""
        return self.word(f"owner_{owner.replace('-', '_')}")

    def standing(self, kind: str, record_id: str = "") -> list[str]:
        """What the page of a record, or of a whole kind, says of its review, in sentences."""
        outlook = reviews.of_page(self.site, kind, record_id)
        if outlook is None:
            return []
        if outlook.reviewed:
            alone = record_id or KINDS[kind].form == "one record"
            said = [self.word("review_done" if alone else "review_all", day=self.date(outlook.reviewed))]
        else:
            said = [self.word("review_part" if outlook.partly else "review_none")]
        if outlook.review_by:
            due = "review_past" if outlook.is_past(self._today) else "review_by"
            said.append(self.word(due, day=self.date(outlook.review_by)))
        if outlook.owners:
            owners = format_list([self._role(owner) for owner in outlook.owners], locale=self.language)
            said.append(self.word("looked_after", owners=owners))
        return said

    def name(self, kind: str, record_id: str) -> Localized | str:
        """What a record is called."""
        return self.site.name(kind, record_id) or self.word(kind)

    def language_name(self, code: str) -> str:
        """A language's name in this language; its code where nobody knows a name for it."""
        return str(Locale.parse(self.language).languages.get(code, code))

    def alphabetical(self, terms: dict[str, Term]) -> list[tuple[str, Term]]:
        """Terms with their ids in the order in which readers of this language look them up; accents do not count."""
        return sorted(terms.items(), key=lambda pair: without_accents(self.words(pair[1].term)).casefold())

    def chronological(self, events: Iterable[Event]) -> list[Event]:
        """Events by date, undated ones last."""
        return sorted(events, key=lambda event: event.when or "9999")

    def titled(self, events: Iterable[Event]) -> list[Event]:
        """The events that a picture of the years shows, by date."""
        return [event for event in self.chronological(events) if event.title and event.when]

    def year_scale(self, events: list[Event]) -> charts.Scale:
        """A scale of years that holds all events."""
        return charts.years(min(map(self.event_start, events)), max(map(self.event_end, events)))

    def event_start(self, event: Event) -> float:
        """When a dated event begins, as a number of years."""
        return charts.as_year(event.when or "")

    def event_end(self, event: Event) -> float:
        """When a dated event is over, as a number of years: at the end of the day, month or year that it names."""
        return charts.as_year(event.until or event.when or "", end=True)

    def _ratios(self) -> list[Decimal]:
        """Every ratio of the site with the ends of its interval: all charts of ratios have one scale."""
        values = [v for study in self.site.evidence.values() for figure in study.ratios for v in figure.values]
        return [number for v in values for number in (v.value, v.low, v.high) if number is not None]

    def _draw(self, template: str, **context: Any) -> str:
        if template not in self._templates:  # once for each build, so that a preview sees edits
            self._templates[template] = ENVIRONMENT.get_template(f"{template}.md.j2")
        return self._templates[template].render({**self._given, **context})

    def _page(self, template: str, **context: Any) -> str:
        """A whole page: its claims are numbered, its terms explained at first use, and the sources stand at its end."""
        citations = Citations()
        cite = functools.partial(self._cite, citations)
        uses = FirstUses(self._forms)
        explain = functools.partial(self.shown, uses=uses)
        self._shows_unreviewed = False
        on_page = {"citations": citations, "cite": cite, "uses": uses, "explain": explain, "anchor": _Anchors()}
        page = self._draw(f"pages/{template}", **on_page, **context)
        return self.translation_notice() + page

    def translation_notice(self, reviewed: bool = True, stale: bool = False) -> str:
        """What a page says at its top about its translation; of what it holds beyond drawn texts, it is told."""
        every = reviewed and self._words_reviewed and not self._shows_unreviewed
        return self._draw("parts/translation_notice", reviewed=every, stale=stale)

    def _cite(self, citations: Citations, sources: list[str], place: Markup | None = None) -> Markup:
        numbered = sorted(((source, citations.number(source)) for source in sources), key=lambda pair: pair[1])
        return Markup(self._draw("parts/citation", numbered=numbered, place=place))

    # ------------------------------------------------------------ components for every page

    def element_cards(self) -> str:
        """A card for each element, the one that runs through all first."""
        return self._draw("parts/element_cards")

    def case_cards(self) -> str:
        """A card for each case study."""
        return self._draw("parts/case_cards")

    def question_cards(self) -> str:
        """A card for each guiding question."""
        return self._draw("parts/question_cards")

    def model_picture(self) -> str:
        """The picture of the model: what runs through, and the numbered elements as stations."""
        return self._draw("parts/model_picture", braid=self._braid())

    def model(self) -> str:
        """The picture of the model, and beside it a card for each element."""
        return self._draw("parts/model", braid=self._braid())

    def _braid(self) -> picture.Braid:
        through, numbered = (
            [self.words(element.name) for element in elements.values()]
            for elements in (self.site.through, self.site.numbered)
        )
        return picture.braid(through, numbered)

    def matrix(self) -> str:
        """How many practices each case has under each element, with links to them."""
        return self._draw("parts/matrix", cite=None)

    def testimonies(self, *testimony_ids: str) -> str:
        """What people said, word for word, side by side, each with role and source."""
        for testimony_id in testimony_ids:
            if testimony_id not in self.site.testimonies:
                raise UnknownRecord(
                    f"there is no testimony `{testimony_id}`; there are: {', '.join(self.site.testimonies)}"
                )
        chosen = {testimony_id: self.site.testimonies[testimony_id] for testimony_id in testimony_ids}
        found = {subject for testimony in chosen.values() for subject in testimony.speaks_of}
        self.speaks_of |= found
        subjects = [subject for subject in SUBJECTS if subject in found]
        return self._draw("parts/testimonies", chosen=chosen, subjects=subjects, cite=None)

    def hero(self) -> str:
        """The site's name and its one sentence about itself, for the top of the home page."""
        return self._draw("parts/hero")

    def ways_in(self) -> str:
        """Three ways in, each with its links: by element, by country, by question."""
        return self._draw("parts/ways_in")

    def number_of(self, kind: str) -> str:
        """How many records of a kind there are."""
        if kind not in KINDS:
            raise UnknownRecord(f"there is no kind `{kind}`; there are: {', '.join(KINDS)}")
        return str(self.number(len(self.site.kind(kind))))

    def say(self, word_id: str) -> str:
        """A word or sentence of the site from ui.yml."""
        if word_id not in self.site.ui:
            raise UnknownRecord(f"there is no word `{word_id}` in ui.yml")
        return plain_on_page(self.word(word_id))

    def rules(self) -> str:
        """Every rule of the check with an example, by what it looks at, for the maintainers' page."""
        groups: dict[str, dict[str, Rule]] = {}
        for rule_id, rule in self.site.rules.items():
            groups.setdefault(rule.about, {})[rule_id] = rule
        return self._draw("parts/rules", groups=groups)

    def agreed_words(self) -> str:
        """How words of the field are translated, for translators."""
        return self._draw("parts/agreed_words")

    def what_is_due(self) -> str:
        """What there is to look at again, by whom, and which sources are gone or were never seen, for staff."""
        due = reviews.due(self.site, self._today)
        return self._draw("parts/due", due=due, today=self._today, soon=reviews.SOON.days)

    def data_fields(self) -> str:
        """What every field and column of the open data means."""
        return self._draw(
            "parts/data_fields",
            every_record=data_dictionary.every_record(),
            of_tables=data_dictionary.of_tables(),
            of_files=data_dictionary.of_files(),
            of_parts=data_dictionary.of_parts(),
        )

    # ------------------------------------------------------------ whole pages

    def initiative_page(self) -> str:
        """The page of the initiative."""
        return self._page("initiative", initiative=self.site.initiative)

    def elements_page(self) -> str:
        """The page of the model."""
        known = {element_id: self._known(element_id) for element_id in self.site.elements}
        return self._page("elements", braid=self._braid(), known=known)

    def element_page(self, element_id: str) -> str:
        """The page of an element."""
        glance = [counted for counted in self._known(element_id) if counted[2]]
        return self._page("element", element_id=element_id, element=self.site.elements[element_id], glance=glance)

    def _known(self, element_id: str) -> list[tuple[str, str, int]]:
        """What is known of an element and what is not, as (word, anchor on its page, how much)."""
        site = self.site
        return [
            ("practices_named", "in-the-case-studies", sum(len(site.strategies(i, element_id)) for i in site.cases)),
            ("evidence", "evidence", len(site.evidence_for(element_id))),
            ("tools", "tools", len(site.tools_for(element_id))),
            ("open_questions", "not-known", len(site.elements[element_id].gaps)),
        ]

    def all_pages_page(self) -> str:
        """The head of the page of all pages; its template adds the list from the navigation."""
        return self._page("all_pages")

    def checked_page(self) -> str:
        """The page of what was measured on the site; the figures are put in once it is built and tested."""
        return self._page("checked", proof=PROOF)

    def cases_page(self) -> str:
        """The page of all case studies."""
        return self._page("cases")

    def case_page(self, case_id: str) -> str:
        """The page of a case study."""
        case = self.site.cases[case_id]
        parts: dict[tuple[str, str], Sized] = {
            ("practices_named", "strategies"): case.strategies,
            ("results", "results"): case.results,
            ("lessons_learnt", "lessons"): case.lessons,
            ("open_questions", "not-known"): case.gaps,
        }
        glance = [(*place, len(held)) for place, held in parts.items() if held]
        return self._page("case", case_id=case_id, case=case, glance=glance)

    def questions_page(self) -> str:
        """The page of all guiding questions."""
        return self._page("questions")

    def question_page(self, question_id: str) -> str:
        """The page of a guiding question."""
        return self._page("question", question_id=question_id, question=self.site.questions[question_id])

    def matrix_page(self) -> str:
        """The page of the matrix: what each case did under each element."""
        return self._page("matrix")

    def evidence_page(self) -> str:
        """The page of studies and evaluations."""
        return self._page("evidence")

    def testimonies_page(self) -> str:
        """The page of testimonies."""
        return self._page("testimonies")

    def tools_page(self) -> str:
        """The page of tools."""
        return self._page("tools")

    def safeguards_page(self) -> str:
        """The page of safeguards."""
        return self._page("safeguards")

    def cards_page(self) -> str:
        """The page of all facilitator cards."""
        return self._page("cards")

    def card_page(self, element_id: str) -> str:
        """The facilitator card of an element, one on a sheet."""
        return self._page("card", element_id=element_id, element=self.site.elements[element_id])

    def card_two_up_page(self, element_id: str) -> str:
        """The facilitator card of an element, two on a sheet."""
        return self._page("card_two_up", element_id=element_id, element=self.site.elements[element_id])

    def glossary_page(self) -> str:
        """The page of terms."""
        return self._page("glossary")

    def sources_page(self) -> str:
        """The register of sources."""
        made, language = self.source_references(), spoken(self.language)
        lists = {"list_folder": Markup(bibliography.FOLDER), "list_formats": bibliography.NAMES}
        shown = {"groups": self._by_first_letter(self.site.sources), "letter_anchor": _letter_anchor}
        return self._page("sources", references=made, reference_language=Markup(language), **lists, **shown)

    def source_references(self) -> dict[str, Reference]:
        """The reference of each source, as readers of this language see it."""
        language = spoken(self.language)
        return references([self._worded(citing.of_source(self.site, i, language)) for i in self.site.sources], language)

    def _by_first_letter(self, sources: dict[str, Source]) -> dict[str, list[tuple[str, Source]]]:
        """Sources with their ids by title, under its first letter; accents and quotation marks do not count."""
        looked_up = {i: _looked_up(source.title) for i, source in sources.items()}
        groups: dict[str, list[tuple[str, Source]]] = {}
        for source_id in sorted(sources, key=lambda i: (not looked_up[i][:1].isalpha(), looked_up[i])):
            first = looked_up[source_id][:1].upper()
            groups.setdefault(first if first.isalpha() else OTHER_SIGNS, []).append((source_id, sources[source_id]))
        return groups

    def _worded(self, item: citing.Item) -> citing.Item:
        """A source whose day is said in the order of this language, where its reference is in it."""
        issued = item.get("issued", {}).get("date-parts", [[]])[0]
        own = self.language == spoken(self.language) != MAIN_LANGUAGE
        if not own or len(issued) < 3 or item["type"] not in citing.SAID_BY_DAY:
            return item
        return citing.worded(item, self.day_in_reference(datetime.date(*issued)))


STAFF_COMPONENTS = (
    "element_cards",
    "case_cards",
    "question_cards",
    "model_picture",
    "model",
    "matrix",
    "testimonies",
    "hero",
    "ways_in",
    "number_of",
    "say",
    "rules",
    "agreed_words",
    "what_is_due",
    "data_fields",
)
PAGE_COMPONENTS = (
    "initiative_page",
    "elements_page",
    "element_page",
    "cases_page",
    "case_page",
    "questions_page",
    "question_page",
    "matrix_page",
    "evidence_page",
    "testimonies_page",
    "tools_page",
    "safeguards_page",
    "cards_page",
    "card_page",
    "card_two_up_page",
    "glossary_page",
    "sources_page",
    "all_pages_page",
    "checked_page",
)
COMPONENTS = STAFF_COMPONENTS + PAGE_COMPONENTS
