"""What makes the search find more and rank better: staff's synonyms, words without their accents, weights.

Works on the index that the theme's search plugin has written; the theme's own search reads the extra fields.
"""

import re
import unicodedata
from typing import Any

from learning_site import pages
from learning_site.model import Site

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
TAG = re.compile(r"<[^>]*>")

# How much more the place of a record counts than an entry that only speaks of it.
WEIGHTS = {
    "elements": 8, "cases": 8, "questions": 8, "initiative": 8, "glossary": 6, "safeguards": 6, "evidence": 4,
    "tools": 4, "testimonies": 3, "sources": 0.5,
}  # fmt: skip
WEIGHT_OF_KINDS = 8  # the page of all records of a kind
WEIGHT_OF_GUIDE = 0.3  # pages for those who edit


def without_accents(word: str) -> str:
    """A Latin word without its accents; other scripts as they are."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word)
    if not any("LATIN" in unicodedata.name(part, "") for part in parts):
        return word
    bare = "".join(part for part in parts if not unicodedata.combining(part))
    return bare.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("ø", "o").replace("Ø", "O")


def bare_words(text: str) -> str:
    """The words of a text that lose something without accents, without them, each once."""
    found = (word for whole in WORD.findall(TAG.sub(" ", text)) for word in re.split("['’]", whole))
    return " ".join(dict.fromkeys(bare for word in found if (bare := without_accents(word)) != word))


def enrich(index: dict[str, Any], site: Site) -> None:
    """Add `aliases`, `bare_title`, `plain` and `boost` to the entries of a search index."""
    weights = {
        pages.location(kind, record_id): WEIGHTS[kind] for kind, record_id, _ in site.every() if kind in WEIGHTS
    } | {f"{kind}/": WEIGHT_OF_KINDS for kind in WEIGHTS}
    aliases = {
        pages.location(kind, record_id): " ".join(found)
        for kind, record_id, record in site.every()
        if (found := getattr(record, "aliases", None))
    }
    for entry in index["docs"]:
        weight = weights.get(entry["location"], 1)
        if entry["location"].startswith("maintain/"):
            weight = WEIGHT_OF_GUIDE
        if weight != 1:
            entry["boost"] = weight
        synonyms = aliases.get(entry["location"], "")
        if words := f"{synonyms} {bare_words(synonyms)}".strip():
            entry["aliases"] = words
        if title := bare_words(entry["title"]):
            entry["bare_title"] = title
        if plain := bare_words(entry["text"]):
            entry["plain"] = plain
