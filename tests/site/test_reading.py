"""How hard the English pages are to read, page by page; the table is kept as artefacts/reading.md.

The measure is the Automated Readability Index (Senter and Smith 1967), the school grade for which a text fits, as the
library textstat computes it: it needs no dictionary of syllables, which the library would have to download.
"""

from pathlib import Path

import textstat
from selectolax.lexbor import LexborHTMLParser

from learning_site.model import Site

HIGHEST_GRADE = 10.5  # of a page; the aim of the house style is 8 to 10
FEWEST_WORDS = 150  # fewer are headings and links, not text to be read
# What is not our running text: the words of others, and lists of names, numbers and titles.
OTHER = (
    "blockquote, .testimony, .cite, .mark, .page-sources, .facts, .more, .chart, cite, table, "
    ".term__definition, .page-terms, h1, h2, h3, .sheet__tools, .sign"
)
LISTS_OF_TITLES = {"sources", "tools", "all-pages", "maintain/due"}


def running_text(page: Path) -> str:
    """The sentences of a page, each block with a full stop at its end."""
    article = LexborHTMLParser(page.read_text(encoding="utf-8")).css_first("article")
    assert article is not None
    for node in article.css(OTHER):
        node.decompose()
    blocks = [" ".join(node.text().split()) for node in article.css("p, li")]
    return "\n".join(block if block.endswith((".", "?", "!", ":")) else f"{block}." for block in blocks if block)


def test_pages_are_plain_enough(real_site: Site, built: Path, artefacts: Path) -> None:
    found = []
    others = {language.code for language in real_site.languages[1:]}
    for path in sorted(built.rglob("index.html")):
        location = path.parent.relative_to(built).as_posix()
        if location.split("/")[0] not in others and location not in LISTS_OF_TITLES and "two-up" not in location:
            text = running_text(path)
            if (count := len(text.split())) >= FEWEST_WORDS:
                found.append((textstat.automated_readability_index(text), location, count))
    assert len(found) > 15
    lines = [f"| {location} | {count} | {grade:.1f} |" for grade, location, count in sorted(found, reverse=True)]
    table = "\n".join(["| page | words | grade |", "| --- | ---: | ---: |", *lines])
    (artefacts / "reading.md").write_text(f"# Reading grade of each page\n\n{table}\n", encoding="utf-8")
    assert [(location, grade) for grade, location, _ in found if grade > HIGHEST_GRADE] == []
