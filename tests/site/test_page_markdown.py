"""One Markdown parser for all pages gives what MkDocs gives with one for each; long sections have short menus."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from selectolax.lexbor import LexborHTMLParser

from learning_site.editions import Edition, configured
from learning_site.model import LANGUAGES, MAIN_LANGUAGE, LanguageCode
from learning_site.page_markdown import PageMarkdown

CASE = """name: {{en: Country {0:02}}}
programme: {{en: Work}}
summary: {{en: What was done.}}
evolution:
  - {{text: {{en: It began.}}, sources: [c01]}}
"""

HARD = r"""
# A `title` *with* __signs__ {: #own .cls }

A *b **c** d* and __e__, snake_case_word, 2 * 3 * 4, \*no\*, `` a ` b ``, <https://example.org/?a=1&b=2>,
a&amp;b &copy;.
Two spaces@@
break. <span id="raw">raw *emphasis*</span> <a name="named"></a> [link](other.md#x "title") [ref]
![alt](p.png) <me@b.org>

[ref]: https://example.org/ref

<div class="x" id="box" markdown>

## In *HTML* {: #inner }

- one
- two [self](#inner)

term
:   meaning `<b id="code">`

| a | b |
| - | - |
| *x* | `y|z` |

</div>

```html
<p id="fenced">*not*</p>
```

<p markdown="span">**span** text</p>

<table markdown="block"><caption>Cap</caption><tr markdown="block"><td markdown="span" id="cell">*x*</td></tr></table>
""".replace("@@", "  ")


def edition(project: Path, into: Path, language: LanguageCode) -> Edition:
    own = None if language == MAIN_LANGUAGE else language
    config = configured(str(project / "mkdocs.yml"), into, "https://x.example/", own, "serve", strict=True)
    return Edition(config, config.theme.get_env())


def rendered(page: Page) -> tuple[object, ...]:
    def headings(items: object) -> Iterator[tuple[str, str, int]]:
        for item in items:  # type: ignore[attr-defined]
            yield item.title, item.id, item.level
            yield from headings(item.children)

    links = {target: sorted(anchors) for target, anchors in (page.links_to_anchors or {}).items()}
    return page.content, list(headings(page.toc)), sorted(page.present_anchor_ids or ()), links


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_as_mkdocs_renders_it(language: LanguageCode, project: Path, tmp_path: Path) -> None:
    made = edition(project, tmp_path / "site", language)
    seen = 0
    for page, problems in made.finished():
        assert problems == []
        ours = rendered(page)
        Page.render(page, made.config, made._files)
        assert ours == rendered(page), page.file.src_uri
        seen += 1
    assert seen > 40


@pytest.mark.parametrize("source", [HARD, *HARD.split("\n\n"), "only _one_ sign", "__two__", "a\\*b", "&copy;"])
def test_every_sign_is_as_mkdocs_renders_it(source: str, project: Path) -> None:
    """Each part by itself too: what one sign does must not hang on another that stands beside it."""
    config = load_config(str(project / "mkdocs.yml"))
    config.plugins._current_plugin = "a test"  # MkDocs notes who makes a page
    files = Files([File.generated(config, name, content=source) for name in ("one.md", "other.md")])
    shared = PageMarkdown(config, files)
    for file in files:
        page = Page(None, file, config)
        page.markdown = file.content_string
        shared.render(page)
        ours = rendered(page)
        Page.render(page, config, files)
        assert ours == rendered(page)


def menu(made: Edition, into: Path, page: str) -> list[str]:
    assert made.draw(f"{page}/index.html") == []
    tree = LexborHTMLParser((into / page / "index.html").read_text(encoding="utf-8"))
    return [node.attributes["href"] or "" for node in tree.css("nav.section a")]


def test_the_menu_of_a_long_section_shows_what_lies_around_the_page(project_copy: Path, tmp_path: Path) -> None:
    for number in range(60):
        (project_copy / "data" / "cases" / f"country-{number:02}.yml").write_text(CASE.format(number))
    into = tmp_path / "site"
    made = edition(project_copy, into, "en")
    links = menu(made, into, "cases/country-30")
    assert len(links) == 1 + 8 + 1 + 8 + 1
    assert links[0] == links[-1] == "../"
    assert links[1:-1] == ["./" if n == 30 else f"../country-{n:02}/" for n in range(22, 39)]
    first = menu(made, into, "cases/country-00")
    assert "../country-08/" in first
    assert len(first) < len(links) + 1
    assert len(menu(made, into, "elements")) < 40
