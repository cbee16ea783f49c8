"""What makes the search find more and rank better: staff's synonyms, words without accents, sounds, weights.

Works on the index that the theme's search plugin has written; the theme's own search reads the extra fields.
"""

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

from learning_site import pages
from learning_site.model import LanguageCode, Site

INDEX = "search/search_index.json"  # below the root of a language
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
TAG = re.compile(r"<[^>]*>")

# How much more the place of a record counts than an entry that only speaks of it.
WEIGHTS = {
    "elements": 8, "cases": 8, "questions": 8, "initiative": 8, "glossary": 6, "safeguards": 6, "evidence": 4,
    "tools": 4, "testimonies": 3, "sources": 0.5,
}  # fmt: skip
WEIGHT_OF_KINDS = 8  # the page of all records of a kind
GUIDE = "maintain/"  # pages for those who edit: readers find their titles, and never their texts
WEIGHT_OF_GUIDE = 0.3


# How words of a language are brought to their sound, in whichever letters and spelling they are written: each pair is
# replaced in turn. Signs that sound alike fall together, and the vowel a, which people write or leave out, is gone.
# The browser does it, with what is typed and with the words of the index; see docs/assets/search.js.
NEPALI_SOUNDS = """
ज्ञ=gy ङ=n ञ=n ँ=n ं=n क=k ख=k ग=g घ=g च=c छ=c ज=j झ=j ट=t ठ=t ड=d ढ=d ण=n त=t थ=t द=d ध=d न=n प=p फ=f ब=b भ=b म=m
य=y र=r ल=l व=b श=s ष=s स=s ह=h ऋ=ri ृ=ri अ= आ= ा= इ=i ई=i ि=i ी=i उ=u ऊ=u ु=u ू=u ए=e े=e ऐ=i ै=i ओ=o ो=o औ=u ौ=u
ः= ्= ़= \u200c= \u200d=
chh=c ch=c sh=s kh=k gh=g jh=j th=t dh=d ph=f bh=b x=ks w=b v=b z=j q=k ee=i oo=u a= ksy=ks nb=mb np=mp ms=ns
bb=b cc=c dd=d ff=f gg=g ii=i jj=j kk=k ll=l mm=m nn=n pp=p rr=r ss=s tt=t uu=u yy=y
"""
SOUNDS: dict[LanguageCode, list[list[str]]] = {"ne": [pair.split("=") for pair in NEPALI_SOUNDS.split()]}


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
    if text.isascii():
        return ""
    found = (word for whole in WORD.findall(TAG.sub(" ", text)) for word in re.split("['’]", whole))
    return " ".join(dict.fromkeys(bare for word in found if (bare := without_accents(word)) != word))


def enrich_file(folder: Path, site: Site, language: LanguageCode) -> dict[str, Any]:
    """Enrich the search index that the theme has written into the folder of a language; what it holds then."""
    file = folder / INDEX
    index: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    enrich(index, site, language)
    file.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return index


def enrich(index: dict[str, Any], site: Site, language: LanguageCode) -> None:
    """Add `aliases`, `bare_title`, `plain` and `boost` to the entries of a search index, and `sounds` to the whole."""
    if sounds := SOUNDS.get(language):
        index["sounds"] = sounds
    weights = {
        pages.location(kind, record_id): WEIGHTS[kind] for kind, record_id, _ in site.every() if kind in WEIGHTS
    } | {f"{kind}/": WEIGHT_OF_KINDS for kind in WEIGHTS}
    aliases = {
        pages.location(kind, record_id): " ".join(found)
        for kind, record_id, record in site.every()
        if (found := getattr(record, "aliases", None))
    }
    index["docs"] = [entry for entry in index["docs"] if not entry["location"].startswith(GUIDE) or _is_page(entry)]
    for entry in index["docs"]:
        weight = weights.get(entry["location"], 1)
        if entry["location"].startswith(GUIDE):
            entry["text"] = ""
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


def _is_page(entry: dict[str, Any]) -> bool:
    return "#" not in entry["location"]
