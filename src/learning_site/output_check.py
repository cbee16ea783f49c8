"""What the built pages must be like: rendered to the end, not empty, one h1, no id twice, nothing that is refused.

What browsers refuse is in protection.py. Reads HTML, edits nothing.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

MARK = re.compile(r"\{\{|\{%|\{#|\{: |\]\([\w/.:#]")  # of Jinja, of Markdown
ERROR_TEXT = re.compile(
    r"Macro (Syntax|Rendering) Error|Traceback \(most recent call last\)|jinja2\.exceptions|Undefined"
)
VERBATIM = frozenset({"script", "style", "code", "pre", "textarea"})
MADE_HERE = ("href", "src", "id", "class")  # attributes that only templates write; others may hold staff's texts
LOADING = frozenset(["audio", "embed", "iframe", "img", "link", "object", "script", "source", "track", "video"])
UNLOADED_LINKS = frozenset(["canonical", "alternate", "prev", "next", "license"])  # a browser does not fetch these
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
DATA_SCRIPTS = ("application/json", "application/ld+json")  # not run by browsers
FEWEST_SIGNS = 40  # of text in a page's article; less is an empty page


@dataclass
class BuiltPage:
    """What stands in one HTML file."""

    path: Path
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    h1: int = 0
    marks: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    article: str = ""
    language: str | None = None
    leads_on: bool = False  # an address that a page had before


class _Reader(HTMLParser):
    """Collects what the checks need; character references stay apart, so that escaped braces are no marks."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=False)
        self.page = BuiltPage(path)
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "meta" and values.get("http-equiv") == "refresh":
            self.page.leads_on = True
        if tag == "html":
            self.page.language = values.get("lang")
        if tag == "h1":
            self.page.h1 += 1
        if identifier := values.get("id"):
            self.page.ids.append(identifier)
        if tag == "a" and values.get("href"):
            self.page.links.append(values["href"] or "")
        self.page.refused += _refused(tag, values)
        if "markdown" in values or any(MARK.search(values.get(name) or "") for name in MADE_HERE):
            self.page.marks.append(f"in <{tag}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "article" in self.open:
            self.page.article += data
        if not VERBATIM.intersection(self.open):
            for pattern in (MARK, ERROR_TEXT):
                if found := pattern.search(data):
                    self.page.marks.append(data[max(0, found.start() - 20) : found.end() + 40].strip())

    def handle_entityref(self, name: str) -> None:
        self._count_reference()

    def handle_charref(self, name: str) -> None:
        self._count_reference()

    def _count_reference(self) -> None:
        if "article" in self.open:
            self.page.article += "·"


def _refused(tag: str, values: dict[str, str | None]) -> Iterator[str]:
    """What the security policy of the site refuses in a tag."""
    if tag == "style" or (tag == "script" and "src" not in values and values.get("type") not in DATA_SCRIPTS):
        yield f"<{tag}> inside the page"
    for name, value in values.items():
        said = (value or "").strip().lower()
        if name == "style" or name.startswith("on"):
            yield f"<{tag} {name}>"
        if name in ("href", "src", "action") and said.startswith("javascript:"):
            yield f"<{tag} {name}=javascript:>"
        elsewhere = name in ("href", "src", "data") and said.startswith(("http:", "https:", "//"))
        if tag in LOADING and elsewhere and not UNLOADED_LINKS.intersection((values.get("rel") or "").split()):
            yield f"<{tag}> that asks another host: {value}"


def read_page(path: Path) -> BuiltPage:
    """What stands in a built HTML file."""
    reader = _Reader(path)
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    return reader.page


def read_pages(folder: Path) -> list[BuiltPage]:
    """Every HTML file below a folder, in order of path."""
    return [read_page(path) for path in sorted(folder.rglob("*.html"))]


def faults(folder: Path) -> Iterator[str]:
    """What is wrong with the pages of a built site, one line each; also that there are none."""
    pages = read_pages(folder)
    if not pages:
        yield f"{folder}: there is no page"
    for page in pages:
        where = page.path.relative_to(folder).as_posix()
        for mark in page.marks:
            yield f"{where}: not rendered to the end: {mark!r}"
        for refused in page.refused:
            yield f"{where}: the security policy refuses {refused}"
        if page.h1 != 1:
            yield f"{where}: {page.h1} headings of the first level, exactly one is needed"
        if len("".join(page.article.split())) < FEWEST_SIGNS:
            yield f"{where}: the page is empty"
        for identifier, count in sorted(Counter(page.ids).items()):
            if count > 1:
                yield f"{where}: the id `{identifier}` is there {count} times"
        if not page.language:
            yield f"{where}: <html> does not say its language"
