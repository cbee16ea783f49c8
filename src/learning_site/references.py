"""References in APA style, 7th edition, made from CSL-JSON items by pandoc, a program of its own.

One call makes all of a list: pandoc needs 0.15 s to start and half a millisecond for each (citeproc-py, tried, needs 28
and says a title twice where there is no author). The style is in citation_style/; pandoc has the words of languages.
"""

import itertools
import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pypandoc

from learning_site.model import MAIN_LANGUAGE, LanguageCode

Item = dict[str, Any]
Reference = tuple[tuple[str, bool], ...]
"""The parts of a reference in order, each with whether it is emphasised."""

WORDS = frozenset({"en", "fr"})  # of the site's languages, those in which the style has words for dates and the like
STYLE = Path(__file__).parent / "citation_style" / "apa.csl"
SPACES = frozenset({"Space", "SoftBreak", "LineBreak"})
ATTRIBUTED = frozenset({"Span", "Link"})  # what has attributes before what stands in it


def spoken(language: LanguageCode) -> LanguageCode:
    """The language of the words in a reference for readers of a language: the main one where the style has none."""
    return language if language in WORDS else MAIN_LANGUAGE


_made: dict[tuple[str, str], Reference] = {}  # by an item and a language; an edit in a preview changes few


def references(items: Iterable[Item], language: LanguageCode) -> dict[str, Reference]:
    """The reference of each item by its id; `language` is one that the style has words for."""
    written = {item["id"]: json.dumps(item) for item in items}
    new = [item for item in written.values() if (item, language) not in _made]
    for item, reference in zip(new, _by_pandoc(new, language), strict=True):
        _made[item, language] = reference
    return {item_id: _made[item, language] for item_id, item in written.items()}


def _by_pandoc(items: list[str], language: str) -> list[Reference]:
    if not items:
        return []
    command = [pypandoc.get_pandoc_path(), "--from=csljson", "--to=json", "--citeproc", f"--csl={STYLE.name}"]
    command.append(f"--metadata=lang:{language}")
    # From the folder of the style, because pandoc reads paths in the machine's locale.
    given = f"[{','.join(items)}]"
    done = subprocess.run(command, input=given, capture_output=True, encoding="utf-8", check=True, cwd=STYLE.parent)
    ((_, entries),) = (block["c"] for block in json.loads(done.stdout)["blocks"])
    made = {entry["c"][0][0].removeprefix("ref-"): _reference(entry["c"][1][0]["c"]) for entry in entries}
    return [made[json.loads(item)["id"]] for item in items]


def _reference(inlines: list[Any]) -> Reference:
    parts = itertools.groupby(_parts(inlines, emphasised=False), key=lambda part: part[1])
    return tuple(("".join(text for text, _ in group), emphasised) for emphasised, group in parts)


def _parts(inlines: list[Any], emphasised: bool) -> Iterator[tuple[str, bool]]:
    """The texts in pandoc's tree of a paragraph."""
    for inline in inlines:
        kind, content = inline["t"], inline.get("c")
        if kind == "Str":
            yield content, emphasised
        elif kind in SPACES:
            yield " ", emphasised
        else:
            yield from _parts(content[1] if kind in ATTRIBUTED else content, emphasised or kind == "Emph")
