"""What staff type is shown as typed or refused, never run: judged on the HTML that Markdown makes of it."""

from collections.abc import Iterator

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from learning_site.staff_markdown import faults, markdown_on_page, plain_on_page

EXTENSIONS = ["attr_list", "def_list", "fenced_code", "md_in_html", "tables", "toc"]
NASTY = [
    "{{ 7*191 }}", "{% raw %}", "{# x #}", "<script>alert(1)</script>", "[x](javascript:alert(1))", "a | b",
    "| a | b |", "*stars*", "# heading", "1. list", "- list", "> quote", "!!! note", "![x](y.png)", "`code`",
    "a &amp; b", "{: .x }", "{: onclick=alert(1) }", "<!-- x -->", "&lt;b&gt;", '"quoted"', "a_b_c", "__b__",
    "~~~", "    indented", "[a]: http://b.c", "*[HTML]: x", "https://example.org", "<https://example.org>",
    "\\*", "=====", "-----", ": def", "^a^", "x\\",
]  # fmt: skip


def rendered(source: str, around: str = "{}") -> LexborHTMLParser:
    return LexborHTMLParser(markdown.markdown(around.format(source), extensions=EXTENSIONS))


def tags(tree: LexborHTMLParser) -> Iterator[str]:
    assert tree.body is not None
    for node in tree.body.traverse():
        if node.tag not in ("body", "p"):
            yield node.tag


@pytest.mark.parametrize("around", ["{}", "- {}", "## {}"])
@pytest.mark.parametrize("text", NASTY)
def test_plain_text_shows_every_sign(text: str, around: str) -> None:
    tree = rendered(plain_on_page(text), around)
    assert set(tags(tree)) <= {"ul", "li", "h2"}
    assert tree.body is not None
    assert " ".join(tree.body.text().split()) == " ".join(text.split())


@given(st.text(alphabet=st.characters(blacklist_categories=["C", "Z"]), min_size=1, max_size=40))
@settings(max_examples=300, deadline=None)
def test_plain_text_shows_every_sign_of_anything(text: str) -> None:
    tree = rendered(plain_on_page(text))
    assert tree.body is not None
    assert list(tags(tree)) == []
    assert tree.body.text().strip() == text.strip()


@pytest.mark.parametrize("text", NASTY)
def test_markdown_text_is_refused_or_harmless(text: str) -> None:
    found = list(faults(text))
    tree = rendered(markdown_on_page(text, lambda kind, name: f"/{kind}/{name}.md"))
    if not found:
        assert set(tags(tree)) <= {"em", "strong", "code", "a"}
    assert not tree.css("script, img, [onclick]")
    assert all(not (link.attributes.get("href") or "").startswith("javascript:") for link in tree.css("a")) or found


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a <b>b</b>", "raw-html"),
        ("<script>alert(1)</script>", "raw-html"),
        ("<!-- x -->", "raw-html"),
        ("[x](javascript:alert(1))", "link-target"),
        ("[x](data:text/html,x)", "link-target"),
        ("[x](../other/)", "link-target"),
        ("# heading", "only-a-paragraph"),
        ("- list", "only-a-paragraph"),
        ("1. list", "only-a-paragraph"),
        ("> quote", "only-a-paragraph"),
        ("![x](https://example.org/y.png)", "only-a-paragraph"),
    ],
)
def test_what_is_refused(text: str, rule: str) -> None:
    assert rule in [found[0] for found in faults(text)]


@pytest.mark.parametrize(
    "text", ["plain", "*a* **b** `c <d>`", "[a](https://b.org/?c=d&e=f)", "[a](glossary:b)", "a < b", "AT&T"]
)
def test_what_is_fine(text: str) -> None:
    assert list(faults(text)) == []


def test_links_to_records_are_resolved_outside_code_only() -> None:
    page = markdown_on_page("[a](cases:mali) and `[b](cases:mali)`", lambda kind, name: f"/{kind}/{name}.md")
    assert page == "[a](/cases/mali.md) and `[b](cases:mali)`"


def test_markdown_text_shows_braces_and_bars() -> None:
    tree = rendered(markdown_on_page("{{ 7*191 }} | *so*{: onclick=run }", str))
    assert tree.body is not None
    assert tree.body.text().strip() == "{{ 7*191 }} | so{: onclick=run }"
    assert list(tags(tree)) == ["em"]
    assert not tree.css("[onclick]")
