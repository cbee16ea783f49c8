"""A Markdown extension: the caption of a table written as HTML is a block, not words that need a paragraph.

Python-Markdown's list of block elements has every part of a table but this one, so it put a paragraph into the table,
which HTML does not allow.
"""

from typing import Any

from markdown import Extension, Markdown


class Captions(Extension):
    """Adds `caption` to the block elements; has to stand before md_in_html, which copies them."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: D102 - Markdown's name
        md.block_level_elements.append("caption")


def makeExtension(**settings: Any) -> Captions:
    """The extension, for mkdocs.yml."""
    return Captions(**settings)
