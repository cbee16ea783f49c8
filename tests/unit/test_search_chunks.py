"""The search index in chunks: what Pagefind is given, what of its files is published, that both are the same twice."""

from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from learning_site import search_chunks

FIELDS = {"title": 12, "text": 1, "aliases": 4}
INDEX: dict[str, Any] = {
    "config": {"separator": "[\\s,.]+", "fields": {field: {"boost": boost} for field, boost in FIELDS.items()}},
    "sounds": [["a", ""]],
    "docs": [
        {"location": "terms/", "title": "Terms", "text": "<p>All of them.</p>", "boost": 8},
        {
            "location": "terms/#one",
            "title": "One &amp; only",
            "text": "<p>Once, <em>once</em>.</p>",
            "aliases": "unit <b>",
            "boost": 6,
        },
        {"location": "", "title": "Home", "text": ""},
        {"location": "terms/#little", "title": "Little", "text": "", "boost": 0.3},
    ],
}


def weight(node: Any) -> float:
    return float(node.attributes["data-pagefind-weight"])


def test_each_page_is_its_parts_whose_headings_say_how_much_they_count() -> None:
    made = search_chunks.pages(INDEX, "fr")
    assert list(made) == ["terms/", ""]
    page = LexborHTMLParser(made["terms/"])
    assert page.css("html")[0].attributes["lang"] == "fr"
    heads = [(node.tag, node.attributes["id"], node.text()) for node in page.css("h1, h2, h3, h4")]
    assert heads == [("h1", ".", "Terms"), ("h2", "one", "One & only"), ("h4", "little", "Little")]
    assert search_chunks.boosts(INDEX) == [8, 6, 1, 0.3]
    title, aliases, text = page.css("h2, h2 ~ div")[0], *page.css("h2 ~ div")[:2]
    assert aliases.text() == "\u2063unit \u2063<b>"
    assert text.text() == "Once, once."
    # Pagefind squares a weight, so what counts twelve times as much weighs as much as the root of that.
    assert weight(page.css("h1")[0]) == search_chunks.HIGHEST
    assert weight(title) ** 2 / weight(text) ** 2 == pytest.approx(12, rel=0.02)
    assert weight(aliases) ** 2 / weight(text) ** 2 == pytest.approx(4, rel=0.02)


def test_more_weights_than_headings_have_levels_share_the_last() -> None:
    many = {**INDEX, "docs": [{"location": f"p/#{at}", "title": "T", "text": "", "boost": at + 1} for at in range(9)]}
    page = LexborHTMLParser(search_chunks.pages(many, "en")["p/"])
    assert [node.tag for node in page.css("[id]")] == ["h6"] * 4 + ["h5", "h4", "h3", "h2", "h1"]


def test_the_words_are_those_that_can_be_meant() -> None:
    held = search_chunks.words(INDEX)
    once, here = dict.fromkeys(["once", "one", "only", "unit"], 6), dict.fromkeys(["all", "terms", "them"], 8)
    assert held["words"] == {**once, **here, "home": 1, "little": 0.3}
    assert held["pages"] == 2
    assert (held["sounds"], held["config"]) == ([["a", ""]], {"separator": "[\\s,.]+"})
    assert held["fields"] == FIELDS


def test_what_is_published_is_used_and_the_same_twice(tmp_path: Path) -> None:
    files = []
    for name in ("one", "two"):
        search_chunks.write(tmp_path / name, INDEX, "ne")
        folder = tmp_path / name / search_chunks.FOLDER
        files.append({path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")})
    assert files[0] == files[1]
    assert {"pagefind.js", "pagefind-worker.js", "pagefind-entry.json", "words.json", "wasm.ne.pagefind"} <= set(
        files[0]
    )
    assert sum(name.endswith(".pf_fragment") for name in files[0]) == 2
    assert not [name for name in files[0] if "ui" in name or "unknown" in name or "highlight" in name]


def test_a_failure_of_pagefind_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where a folder has to be")
    with pytest.raises(search_chunks.CannotChunk):
        search_chunks.write(tmp_path / "blocked", INDEX, "en")
