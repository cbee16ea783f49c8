"""The Markdown of a page as MkDocs renders it, with one parser for all pages, which looks only where signs can be.

MkDocs makes a parser and reads the extensions anew for each page, and Python-Markdown tries all its inline patterns on
every piece of text. This is a quarter of a build. The HTML is the same; a test compares it with that of MkDocs. Uses
parts of mkdocs 1.6 and Markdown 3.10 that are not public, which the lock holds.
"""

from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import (
    Page,
    _ExtractAnchorsTreeprocessor,
    _ExtractTitleTreeprocessor,
    _RelativePathTreeprocessor,
)
from mkdocs.structure.toc import get_toc
from selectolax.lexbor import LexborHTMLParser

# A pattern of Python-Markdown can only be found in a text with one of its signs; of other patterns nothing is known.
SIGNS = {
    "backtick": "`", "escape": "\\", "reference": "[", "link": "[", "image_link": "[", "image_reference": "[",
    "short_reference": "[", "short_image_ref": "[", "autolink": "<", "automail": "<", "linebreak": "\n", "html": "<",
    "entity": "&", "not_strong": "*_", "em_strong": "*_", "em_strong2": "_",
}  # fmt: skip


class PageMarkdown:
    """Renders the pages of one build."""

    def __init__(self, config: MkDocsConfig, files: Files) -> None:
        self._parser = Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs or {})
        nothing: Any = None  # of a page, which is given when one is rendered
        self._raw = _RawAnchors(self._parser)
        self._anchors = _ExtractAnchorsTreeprocessor(nothing, files, config)
        self._links = _RelativePathTreeprocessor(nothing, files, config)
        self._title = _ExtractTitleTreeprocessor()
        self._parser.preprocessors.register(self._raw, "mkdocs_raw_html", priority=21)
        for processor in (self._anchors, self._links, self._title):
            processor._register(self._parser)
        self._parser.treeprocessors.register(_Inline(self._parser), "inline", priority=20)

    def render(self, page: Page) -> None:
        """What MkDocs' `Page.render` does."""
        self._raw.found, self._anchors.present_anchor_ids = set(), set()
        self._links.file, self._links.links_to_anchors = page.file, {}
        self._title.title = None
        page.content = self._parser.reset().convert(page.markdown or "")
        page.toc = get_toc(getattr(self._parser, "toc_tokens", []))
        page._title_from_render = self._title.title
        page.present_anchor_ids = self._anchors.present_anchor_ids | self._raw.found
        page.links_to_anchors = self._links.links_to_anchors


class _RawAnchors(Preprocessor):
    """Finds the anchors of raw HTML."""

    found: set[str]

    def run(self, lines: list[str]) -> list[str]:
        tree = LexborHTMLParser("\n".join(lines))
        self.found = {node.attributes["id"] or "" for node in tree.css("[id]")}
        self.found |= {node.attributes["name"] or "" for node in tree.css("a[name]")}
        return lines


class _Inline(InlineProcessor):
    """Python-Markdown's own, which leaves out a pattern where none of its signs is in the text."""

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        registry = self.md.inlinePatterns
        self._patterns = [(registry[place.name], SIGNS.get(place.name)) for place in registry._priority]  # type: ignore[attr-defined]
        return super().run(tree, ancestors)

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:
        if isinstance(data, AtomicString):
            return data
        apply = self._InlineProcessor__applyPattern  # type: ignore[attr-defined]
        for index in range(patternIndex, len(self._patterns)):
            pattern, signs = self._patterns[index]
            start, found = 0, signs is None or any(sign in data for sign in signs)
            while found:
                data, found, start = apply(pattern, data, index, start)
        return data
