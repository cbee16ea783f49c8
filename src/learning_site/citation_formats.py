"""Citations as files that reference managers exchange: BibTeX, RIS and CSL-JSON, written from CSL-JSON items and read.

Written with bibtexparser and rispy, which escape and quote. BibTeX is that of biblatex, with what older styles need.
What is written is read back as it was, but for what a format cannot hold; LOST says what that is.
"""

import functools
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

import rispy
from bibtexparser.entrypoint import parse_string, write_string
from bibtexparser.library import Library
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import Entry, Field
from bibtexparser.writer import BibtexFormat
from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexencode import RULE_DICT, UnicodeToLatexConversionRule, UnicodeToLatexEncoder

Item = dict[str, Any]
UNKNOWN = "document"
LOST = {"bib": ("custom",), "ris": (), "json": ()}  # keys of an item that a format cannot hold


class Unreadable(Exception):
    """A file is not what it should be; the text says why."""


BIBTEX_TYPES = {
    "report": "report",
    "article-journal": "article",
    "article-newspaper": "article",
    "paper-conference": "inproceedings",
    "book": "book",
    "thesis": "thesis",
    "post-weblog": "online",
    "webpage": "online",
    "entry-encyclopedia": "inreference",
    "speech": "misc",
    "motion_picture": "video",
    "document": "misc",
}
BIBTEX_READ = {
    "report": "report",
    "techreport": "report",
    "manual": "report",
    "article": "article-journal",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "book": "book",
    "thesis": "thesis",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "online": "webpage",
    "electronic": "webpage",
    "www": "webpage",
    "inreference": "entry-encyclopedia",
    "video": "motion_picture",
    "movie": "motion_picture",
}
OWN_TYPE = "csltype"  # a field of ours, which others leave alone, where the type of an entry does not say enough
BIBTEX_PUBLISHERS = {"report": "institution", "thesis": "institution"}  # else `publisher`
BIBTEX_SAME = {"volume": "volume", "number": "issue", "doi": "DOI", "url": "URL", "langid": "language"}
BIBTEX_TEXTS = {"type": "genre", "annote": "note"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
VERBATIM = frozenset({"doi", "url"})  # fields in which no sign has a meaning

RIS_TYPES = {
    "report": "RPRT",
    "article-journal": "JOUR",
    "article-newspaper": "NEWS",
    "paper-conference": "CPAPER",
    "book": "BOOK",
    "thesis": "THES",
    "post-weblog": "BLOG",
    "webpage": "ELEC",
    "entry-encyclopedia": "ENCYC",
    "speech": "SLIDE",
    "motion_picture": "VIDEO",
    "document": "GEN",
}
RIS_READ = {ris: csl for csl, ris in RIS_TYPES.items()} | {
    "CONF": "paper-conference",
    "EJOUR": "article-journal",
    "DICT": "entry-encyclopedia",
    "MPCT": "motion_picture",
}
RIS_SAME = {
    "id": "id",
    "title": "title",
    "language": "language",
    "publisher": "publisher",
    "secondary_title": "container-title",
    "volume": "volume",
    "number": "issue",
    "doi": "DOI",
    "type_of_work": "genre",
}
RIS_OTHER = {"primary_title": "title", "journal_name": "container-title", "alternate_title3": "container-title"}
ISO_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
RIS_DATE = re.compile(r"(\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?")
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
ENCODER = UnicodeToLatexEncoder(
    conversion_rules=[UnicodeToLatexConversionRule(RULE_DICT, {ord(sign): said for sign, said in SPECIAL.items()})],
    unknown_char_policy="keep",
    unknown_char_warning=False,
)
LAYOUT = BibtexFormat()  # type: ignore[no-untyped-call]
LAYOUT.indent, LAYOUT.block_separator = "  ", "\n"
DECODER = LatexNodes2Text(strict_latex_spaces="except-in-equations")


# ---------------------------------------------------------------- BibTeX


def bibtex(items: Iterable[Item]) -> str:
    """Items as BibTeX."""
    return write_string(Library([_entry(item) for item in items]), bibtex_format=LAYOUT)


def _entry(item: Item) -> Entry:
    kind = BIBTEX_TYPES[item["type"]]
    fields = {"title": _as_is(item["title"])}
    if "author" in item:
        fields["author"] = " and ".join(_bibtex_name(name) for name in item["author"])
    if "issued" in item:
        fields["year"] = str(item["issued"]["date-parts"][0][0])
        fields["date"] = _joined_date(item, "-")
    if "container-title" in item:
        fields["journal" if kind == "article" else "booktitle"] = _latex(item["container-title"])
    if "publisher" in item:
        fields[BIBTEX_PUBLISHERS.get(kind, "publisher")] = _as_is(item["publisher"])
    fields |= {field: _latex(item[key]) for field, key in BIBTEX_TEXTS.items() if key in item}
    fields |= {field: item[key] for field, key in BIBTEX_SAME.items() if key in item}
    if BIBTEX_READ.get(kind, UNKNOWN) != item["type"]:
        fields[OWN_TYPE] = item["type"]
    return Entry(kind, item["id"], [Field(name, value) for name, value in fields.items()])


def _as_is(text: str) -> str:
    """A text in which no style changes capital letters, and no `and` parts two names."""
    return f"{{{_latex(text)}}}"


@functools.lru_cache(maxsize=4096)  # authors and the name of the site stand in every entry
def _latex(text: str) -> str:
    return str(ENCODER.unicode_to_latex(text))


def _bibtex_name(name: Item) -> str:
    if "literal" in name:
        return _as_is(name["literal"])
    return f"{_latex(name['family'])}, {_latex(name['given'])}"


def _joined_date(item: Item, between: str) -> str:
    year, *rest = item["issued"]["date-parts"][0]
    return between.join([f"{year:04}", *(f"{part:02}" for part in rest)])


def read_bibtex(text: str) -> list[Item]:
    """The entries of a BibTeX file. Raises Unreadable."""
    library = parse_string(text)
    if library.failed_blocks:
        failed = library.failed_blocks[0]
        raise Unreadable(f"line {(failed.start_line or 0) + 1}: {failed.error}")
    return [_of_entry(entry) for entry in library.entries]


def _of_entry(entry: Entry) -> Item:
    raw = {field.key.lower(): str(field.value) for field in entry.fields}
    kind = entry.entry_type.lower()
    said = {key: value if key in VERBATIM else _plain(value) for key, value in raw.items()}
    own = said.get(OWN_TYPE)
    item: Item = {"id": entry.key, "type": own if own in BIBTEX_TYPES else BIBTEX_READ.get(kind, UNKNOWN)}
    if "author" in raw:
        item["author"] = [_read_name(name) for name in split_multiple_persons_names(raw["author"])]
    month = said.get("month", "").lower()
    month = str(MONTHS.index(month[:3]) + 1) if month[:3] in MONTHS else month
    day = [said["day"]] if "day" in said else []
    written = said.get("date") or "-".join([said.get("year", ""), *(part.zfill(2) for part in [month, *day] if part)])
    _put_date(item, ISO_DATE.match(written))
    found = {
        "title": ("title",),
        "container-title": ("journal", "journaltitle", "booktitle"),
        "publisher": ("publisher", "institution", "school", "organization"),
        **{key: (field,) for field, key in {**BIBTEX_TEXTS, **BIBTEX_SAME}.items()},
        "language": ("langid", "language"),
        "note": ("annote", "annotation"),
    }
    for key, fields in found.items():
        if value := next((said[field] for field in fields if said.get(field)), None):
            item[key] = value
    return item


def _plain(latex: str) -> str:
    return " ".join(str(DECODER.latex_to_text(latex)).split()).replace("ˆ", "^")


def _read_name(name: str) -> Item:
    if name.startswith("{") and name.endswith("}"):
        return {"literal": _plain(name)}
    parts = parse_single_name_into_parts(name)
    family, given = (_plain(" ".join(part)) for part in (parts.von + parts.last + parts.jr, parts.first))
    return {"family": family, "given": given} if given else {"literal": family}


def _put_date(item: Item, found: re.Match[str] | None) -> None:
    if found:
        item["issued"] = {"date-parts": [[int(part) for part in found.groups() if part]]}


# ---------------------------------------------------------------- RIS


def ris(items: Iterable[Item]) -> str:
    """Items as RIS."""
    return str(rispy.dumps([_ris_entry(item) for item in items], implementation=_RisWriter))


class _RisWriter(rispy.RisWriter):  # type: ignore[misc]
    """Leaves out the numbers that rispy puts before each entry, which RIS does not know."""

    def set_header(self, count: int) -> str:
        return ""


def _ris_entry(item: Item) -> dict[str, Any]:
    entry: dict[str, Any] = {"type_of_reference": RIS_TYPES[item["type"]]}
    entry |= {field: item[key] for field, key in RIS_SAME.items() if key in item}
    if "author" in item:
        entry["authors"] = [
            name["literal"] if "literal" in name else f"{name['family']}, {name['given']}" for name in item["author"]
        ]
    if "issued" in item:
        entry["year"] = str(item["issued"]["date-parts"][0][0])
        entry["date"] = _joined_date(item, "/")
    if "note" in item:
        entry["notes"] = [item["note"]]
    entry["urls"] = [item["URL"], *item.get("custom", {}).get("also", [])]
    return entry


def read_ris(text: str) -> list[Item]:
    """The entries of a RIS file. Raises Unreadable."""
    try:
        entries = rispy.loads(text)
    except (rispy.ParseError, OSError, ValueError, KeyError) as error:
        raise Unreadable(str(error)) from None
    return [_of_ris(entry) for entry in entries]


def _of_ris(entry: dict[str, Any]) -> Item:
    item: Item = {"type": RIS_READ.get(entry["type_of_reference"], UNKNOWN)}
    item |= {key: entry[field] for field, key in {**RIS_OTHER, **RIS_SAME}.items() if field in entry}
    if authors := [*entry.get("first_authors", []), *entry.get("authors", [])]:
        item["author"] = [_ris_name(author) for author in authors]
    _put_date(item, RIS_DATE.match(entry.get("date") or entry.get("year") or entry.get("publication_year") or ""))
    if notes := entry.get("notes"):
        item["note"] = " ".join(notes)
    if urls := entry.get("urls"):
        item["URL"], *also = urls
        if also:
            item["custom"] = {"also": also}
    return item


def _ris_name(author: str) -> Item:
    family, comma, given = author.partition(", ")
    return {"family": family, "given": given} if comma and given else {"literal": family}


# ---------------------------------------------------------------- CSL-JSON


def csl_json(items: Iterable[Item]) -> str:
    """Items as CSL-JSON."""
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)
    return f"[\n{lines}\n]\n"


def read_csl_json(text: str) -> list[Item]:
    """The entries of a CSL-JSON file. Raises Unreadable."""
    try:
        items = json.loads(text)
    except ValueError as error:
        raise Unreadable(str(error)) from None
    if not isinstance(items, list) or not all(isinstance(item, dict) and "type" in item for item in items):
        raise Unreadable("this is not a list of CSL-JSON items")
    return items


WRITERS: dict[str, Callable[[Iterable[Item]], str]] = {"bib": bibtex, "ris": ris, "json": csl_json}
READERS: dict[str, Callable[[str], list[Item]]] = {"bib": read_bibtex, "ris": read_ris, "json": read_csl_json}
