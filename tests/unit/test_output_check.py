"""Each way in which a built page can be broken is named, and a sound page is not."""

from pathlib import Path

import pytest

from learning_site.output_check import faults

SOUND = (
    '<!doctype html><html lang="en"><head><title>x</title></head><body><article><h1 id="a">Title</h1>'
    '<p id="b">A text that is long enough to be a page that somebody would want to read.</p>{}</article></body></html>'
)


def said(folder: Path, html: str) -> list[str]:
    (folder / "index.html").write_text(html, encoding="utf-8")
    return list(faults(folder))


@pytest.mark.parametrize(
    "more",
    [
        "",
        "&#123;&#123; 7*191 }}",
        "<code>{{ x }}</code>",
        "<pre>{% x %}</pre>",
        '<script type="application/ld+json">{"a": {"b": 1}}</script>',
        '<script src="assets/site.js"></script>',
        '<a href="https://example.org">x</a>',
        '<link rel="canonical" href="https://example.org/">',
        "[a] (b)",
        "a: b",
    ],
)
def test_a_sound_page_has_no_fault(more: str, tmp_path: Path) -> None:
    assert said(tmp_path, SOUND.format(more)) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("<p>{{ element_cards() }}</p>", "not rendered"),
        ("<p>{% if x %}</p>", "not rendered"),
        ('<a href="{{ x }}">x</a>', "not rendered"),
        ("<p>[Mali](/cases/mali.md)</p>", "not rendered"),
        ("<p>text {: #id }</p>", "not rendered"),
        ('<table><tr><td markdown="span">x</td></tr></table>', "not rendered"),
        ("<p>Macro Rendering Error</p>", "not rendered"),
        ("<script>x</script>", "refuses <script> inside the page"),
        ("<style>p {}</style>", "refuses <style> inside the page"),
        ('<p style="color: red">x</p>', "refuses <p style>"),
        ('<p onclick="x">x</p>', "refuses <p onclick>"),
        ('<a href=" JavaScript:x">x</a>', "refuses <a href=javascript:>"),
        ('<img src="https://example.org/x.png" alt="">', "<img> that asks another host"),
        ('<link rel="stylesheet" href="//example.org/x.css">', "<link> that asks another host"),
        ("<h1>again</h1>", "2 headings of the first level"),
        ('<p id="b">again</p>', "`b` is there 2 times"),
    ],
)
def test_a_broken_page_is_named(more: str, words: str, tmp_path: Path) -> None:
    found = said(tmp_path, SOUND.replace("{}", more))
    assert len(found) == 1
    assert found[0].startswith("index.html: ")
    assert words in found[0]


def test_an_empty_page_a_headless_page_and_no_page_are_named(tmp_path: Path) -> None:
    assert list(faults(tmp_path)) == [f"{tmp_path}: there is no page"]
    empty = '<html lang="en"><body><article><h1>x</h1></article></body></html>'
    assert said(tmp_path, empty) == ["index.html: the page is empty"]
    assert any("0 headings" in line for line in said(tmp_path, SOUND.format("").replace("h1", "h2")))
    assert any("language" in line for line in said(tmp_path, SOUND.format("").replace(' lang="en"', "")))
