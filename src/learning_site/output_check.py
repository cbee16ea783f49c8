"""What the built pages must be like: rendered to the end, not empty, one h1, no id twice, nothing that is refused.

What browsers refuse is in protection.py. Reads HTML, edits nothing.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

MARK = re.compile(r"\{\{|\{%|\{#|\{: |\]\([\w/.:#]")  # of Jinja, of Markdown
ERROR_TEXT = re.compile(
    r"Macro (Syntax|Rendering) Error|Traceback \(most recent call last\)|jinja2\.exceptions|Undefined"
)
REFERENCE = re.compile(r"&#?\w+;")  # a sign that is escaped is no mark
VERBATIM = "script, style, code, pre, textarea"
MADE_HERE = ("href", "src", "id", "class")  # attributes that only templates write; others may hold staff's texts
LOADING = ("audio", "embed", "iframe", "img", "link", "object", "script", "source", "track", "video")
MAY_BE_REFUSED = f"style, [style], {', '.join(LOADING)}"
RUNS = re.compile(r"\son\w+\s*=|javascript\s*:", re.IGNORECASE)  # what else is refused, on any tag
UNLOADED_LINKS = frozenset(["canonical", "alternate", "prev", "next", "license"])  # a browser does not fetch these
DATA_SCRIPTS = ("application/json", "application/ld+json")  # not run by browsers
FEWEST_SIGNS = 40  # of text in a page's article; less is an empty page


@dataclass
class BuiltPage:
    """What stands in one HTML file."""

    path: Path
    ids: list[str]
    links: list[str]
    h1: int
    marks: list[str]
    refused: list[str]
    article: str
    language: str | None
    leads_on: bool  # an address that a page had before


def read_page(path: Path) -> BuiltPage:
    """What stands in a built HTML file."""
    source = REFERENCE.sub("·", path.read_text(encoding="utf-8"))
    tree = LexborHTMLParser(source)
    html, article = tree.css_first("html"), tree.css_first("article")
    return BuiltPage(
        path,
        ids=[node.attributes["id"] or "" for node in tree.css("[id]")],
        links=[node.attributes["href"] or "" for node in tree.css("a[href]")],
        h1=len(tree.css("h1")),
        refused=[said for node in tree.css("*" if RUNS.search(source) else MAY_BE_REFUSED) for said in _refused(node)],
        article=article.text() if article else "",
        language=html.attributes.get("lang") if html else None,
        leads_on=bool(tree.css_first("a#now")),
        marks=list(_marks(source, tree)),  # the last, because it takes code out of the tree
    )


def _marks(source: str, tree: LexborHTMLParser) -> Iterator[str]:
    """What was not rendered to the end; a look at the source spares most pages the search."""
    for node in tree.css("[markdown]"):
        yield f"in <{node.tag}>"
    if not MARK.search(source) and not ERROR_TEXT.search(source):
        return
    for node in tree.css(", ".join(f"[{name}]" for name in MADE_HERE)):
        if any(MARK.search(node.attributes.get(name) or "") for name in MADE_HERE):
            yield f"in <{node.tag}>"
    for node in tree.css(VERBATIM):
        node.decompose()
    said = tree.root.text(separator="\n") if tree.root else ""
    for pattern in (MARK, ERROR_TEXT):
        for found in pattern.finditer(said):
            yield said[max(0, found.start() - 20) : found.end() + 40].strip()


def _refused(node: LexborNode) -> Iterator[str]:
    """What the security policy of the site refuses in a tag."""
    tag, values = node.tag, node.attributes
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
        if len("".join(page.article.split())) < FEWEST_SIGNS and not page.leads_on:
            yield f"{where}: the page is empty"
        for identifier, count in sorted(Counter(page.ids).items()):
            if count > 1:
                yield f"{where}: the id `{identifier}` is there {count} times"
        if not page.language:
            yield f"{where}: <html> does not say its language"
