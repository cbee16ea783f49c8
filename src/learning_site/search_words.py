"""Words that a search should find although no page shows them: staff's synonyms, and words without their accents.

Works on the index that the theme's search plugin has written; the theme's own search reads the two extra fields.
"""

import re
import unicodedata
from typing import Any

from learning_site import pages
from learning_site.model import Site

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
TAG = re.compile(r"<[^>]*>")


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
    """Add `aliases` and `plain` to the entries of a search index."""
    aliases = {
        pages.location(kind, record_id): " ".join(found)
        for kind, record_id, record in site.every()
        if (found := getattr(record, "aliases", None))
    }
    for entry in index["docs"]:
        title = bare_words(entry["title"])
        synonyms = aliases.get(entry["location"], "")
        if words := " ".join(part for part in (synonyms, bare_words(synonyms), title) if part):
            entry["aliases"] = words
        if plain := bare_words(entry["text"]):
            entry["plain"] = plain
