"""The search index in chunks: small files of which a browser fetches only those in which an answer can be.

For a site that has outgrown one index. Pagefind (https://pagefind.app), one binary, makes the chunks of pages that hold
just what the whole index holds, so that both find the same; how much a word counts is carried over.
"""

import html
import json
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from pagefind_bin import get_executable

from learning_site.model import LanguageCode
from learning_site.search_words import TAG

FOLDER = "pagefind"  # below the root of a language
WORDS = "words.json"  # in it: which words there are, how they are told apart, how they sound
SCRIPT = "assets/search-chunks.js"  # which asks Pagefind
PUBLISHED = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json", "*.pf_meta", "*.pf_index", "*.pf_fragment")
ENGINES = "wasm.*.pagefind"

SHORTEST = 3  # letters of a word that can be meant by another
UNSEEN = "\u2063"  # before a word that is found and not shown; not a sign of a word, so the index does not hold it

PAGE_ITSELF = "."  # in place of the id of a part; no id is like it
LEVELS = 6  # of headings
# Pagefind has weights from 0 to 10, and one that is twice as high counts four times as much.
HIGHEST = 10.0

TEMPLATES = Environment(
    loader=PackageLoader("learning_site", "indexed"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


class CannotChunk(Exception):
    """Pagefind made no chunks; the text says why."""


def write(root: Path, index: dict[str, Any], language: LanguageCode) -> None:
    """Write the chunks of an enriched index below the root of its language. Raises CannotChunk."""
    folder = root / FOLDER
    with tempfile.TemporaryDirectory() as place:
        for location, page in pages(index, language).items():
            file = Path(place) / location / "index.html"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(page, encoding="utf-8")
        command = [get_executable(), "--site", place, "--output-path", folder, "--force-language", language, "--silent"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotChunk(f"Pagefind made no chunks: {done.stdout}{done.stderr}")
    _keep_what_is_used(folder)
    (folder / WORDS).write_text(json.dumps(words(index), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _keep_what_is_used(folder: Path) -> None:
    """Delete Pagefind's interfaces, and its engine for unknown languages where there is one for this."""
    engines = sorted(folder.glob(ENGINES), key=lambda path: path.name == "wasm.unknown.pagefind")
    for path in folder.rglob("*"):
        if path.is_file() and path != engines[0] and not any(path.match(name) for name in PUBLISHED):
            path.unlink()


@dataclass(frozen=True)
class Part:
    """A part of a page, begun by a heading whose level says how much it counts. Title and text are HTML."""

    level: int
    id: str
    title: str
    aliases: str
    text: str
    boost: float


def pages(index: dict[str, Any], language: LanguageCode) -> dict[str, str]:
    """Each page of an index as Pagefind reads it, by its address below the root."""
    levels, fields = boosts(index), weights(index)
    most = fields["title"] * levels[0]

    def weigh(field: str, part: Part) -> str:
        return f"{HIGHEST * (fields[field] * part.boost / most) ** 0.5:.2f}"

    parts: dict[str, list[Part]] = {}
    for entry in index["docs"]:
        parts.setdefault(_page(entry), []).append(_part(entry, levels))
    template = TEMPLATES.get_template("page.html.j2")
    return {page: template.render(language=language, parts=held, weigh=weigh) for page, held in parts.items()}


def _part(entry: dict[str, Any], levels: list[float]) -> Part:
    boost = entry.get("boost", 1)
    return Part(
        level=next((at for at, least in enumerate(levels, 1) if boost >= least), len(levels)),
        id=entry["location"].partition("#")[2] or PAGE_ITSELF,
        title=entry["title"],
        aliases=" ".join(f"{UNSEEN}{word}" for word in entry.get("aliases", "").split()),
        text=entry["text"],
        boost=boost,
    )


def boosts(index: dict[str, Any]) -> list[float]:
    """How much parts of pages count, from most to least, as far as there are levels of headings."""
    return sorted({entry.get("boost", 1) for entry in index["docs"]}, reverse=True)[:LEVELS]


def weights(index: dict[str, Any]) -> dict[str, float]:
    """How much a word counts by where it stands."""
    return {field: index["config"]["fields"][field]["boost"] for field in ("title", "aliases", "text")}


def words(index: dict[str, Any]) -> dict[str, Any]:
    """What the search has to know of an index: its words, to tell what was meant, and what counts how much."""
    separator = re.compile(index["config"]["separator"])
    counted: Counter[str] = Counter()
    for entry in index["docs"]:
        for text in _texts(entry, index["config"]["fields"]):
            for word in set(separator.split(TAG.sub(" ", text).lower())):
                if len(word) >= SHORTEST:
                    counted[word] += entry.get("boost", 1)
    return {
        "config": {"separator": index["config"]["separator"]},
        "sounds": index.get("sounds", []),
        "pages": len({_page(entry) for entry in index["docs"]}),
        "boosts": boosts(index),
        "fields": weights(index),
        "words": dict(sorted(counted.items())),
    }


def _page(entry: dict[str, Any]) -> str:
    return str(entry["location"]).partition("#")[0]


def _texts(entry: dict[str, Any], fields: Iterable[str]) -> list[str]:
    return [html.unescape(entry[field]) for field in fields if field in entry and isinstance(entry[field], str)]
