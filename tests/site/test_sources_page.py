"""The register of sources: each reference reads as the style has it, each letter leads to its sources."""

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from learning_site.model import LANGUAGES, LanguageCode, Site
from learning_site.rendering import Renderer


def register(built: Path, language: LanguageCode) -> LexborHTMLParser:
    root = built if language == LANGUAGES[0] else built / language
    return LexborHTMLParser((root / "sources" / "index.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reference_stands_there_word_for_word(language: LanguageCode, real_site: Site, built: Path) -> None:
    made = Renderer(real_site, language).source_references()
    expected = sorted("".join(text for text, _ in parts) for parts in made.values())
    shown = [node.text() for node in register(built, language).css("article .how-to-cite__reference")]
    assert len(expected) > 150
    assert sorted(shown) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_source_stands_under_a_letter_that_leads_to_it(
    language: LanguageCode, real_site: Site, built: Path
) -> None:
    page = register(built, language)
    letters = [node.attributes["href"] for node in page.css(".letters a")]
    assert letters == [f"#{node.attributes['id']}" for node in page.css("article h2.letter")]
    assert len(letters) > 15
    ids = [node.attributes["id"] for node in page.css("article h3")]
    assert sorted(ids) == sorted(real_site.sources)
    assert [node.text() for node in page.css("article h3")] == [real_site.sources[i or ""].title for i in ids]
