"""Citations as files that reference managers exchange: BibTeX, RIS and CSL-JSON, written from CSL-JSON items and read.

Written with bibtexparser and rispy, which escape and quote. BibTeX is that of biblatex, with what older styles need.
What is written is read back as it was, but for what a format cannot hold; LOST says what that is.
"""

import functools
import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, ClassVar

import rispy
from bibtexparser.entrypoint import parse_string, write_string
from bibtexparser.library import Library
from bibtexparser.middlewares.names import (
    InvalidNameError,
    parse_single_name_into_parts,
    split_multiple_persons_names,
)
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, Field, ParsingFailedBlock
from bibtexparser.writer import BibtexFormat
from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexencode import RULE_DICT, UnicodeToLatexConversionRule, UnicodeToLatexEncoder

Item = dict[str, Any]
UNKNOWN = "document"
LOST = {"bib": ("custom",), "ris": (), "json": ()}  # keys of an item that a format cannot hold


class Unreadable(Exception):
    """A file is not what it should be; the text says why, in one line for each thing to mend."""


NO_ENTRY = "no entry found in it: is it the file that you saved, and does its name end in what it is?"
OTHERS = frozenset({"others", "et al", "et al."})  # in place of a last author: there are more
AND_OTHERS = "et al."
# What may follow a comma in the name of a company: no given name of a person.
COMPANY = re.compile(r"(inc|ltd|llc|llp|plc|corp|co|gmbh|pvt\. ltd|pvt|pty|s\.a|n\.v|b\.v|e\.v)\.?", re.IGNORECASE)


def _people(names: Iterable[Item]) -> list[Item]:
    """Authors, once it is known who is a company, and that others follow whom a file does not name."""
    found: list[Item] = []
    for name in names:
        if COMPANY.fullmatch(name.get("given", "")):
            found.append({"literal": f"{name['family']} {name['given']}"})
        elif name.get("literal", "").casefold() not in OTHERS:
            found.append(name)
        elif found:
            last = found[-1]
            found[-1] = {"literal": f"{last.get('family') or last['literal']} {AND_OTHERS}"}
    return [name for name in found if any(name.values())]


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
BIBTEX_FOUND = {
    "title": ("title",),
    "container-title": ("journal", "journaltitle", "booktitle"),
    "publisher": ("publisher", "institution", "school", "organization"),
    **{key: (field,) for field, key in {**BIBTEX_TEXTS, **BIBTEX_SAME}.items()},
    "language": ("langid", "language"),
    "note": ("annote", "annotation"),
}
BIBTEX_USED = {"author", "date", "year", *(field for fields in BIBTEX_FOUND.values() for field in fields)}
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
SEVERAL = re.compile(r"[;\s]+(?=https?://)")  # between two addresses
ISO_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
A_YEAR = re.compile(r"\b([12]\d{3})\b")
RIS_LINE = re.compile(r"([A-Z][A-Z0-9])  - ?(.*)")
RIS_LOOSE_LINE = re.compile(r"([A-Z][A-Z0-9]) {1,3}-(?: (.*)|$)")
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


logging.getLogger("bibtexparser").setLevel(logging.CRITICAL + 1)  # what it would print is said here in our words
WHY_BROKEN = {  # words in the reasons of bibtexparser
    "end of file": "is not closed: a `}` or a quotation mark is missing somewhere after this",
    "block start": "is not closed before the next one begins: a `}` or a quotation mark is missing",
    "comma after entry key": "needs a key and a comma first, such as `@report{flood2015,`",
}
BROKEN = "cannot be read: look for a `{`, `}`, `=` or `,` that is missing or that stands there twice"
TWICE = "has the same key as an entry above, `{}`: give it another, or take it out if it is the same document"
NO_TEXT = "`{}` is no text: put it in {{ }}, define `@string` for it, or look for a missing comma after it"


def read_bibtex(text: str) -> list[Item]:
    """The entries of a BibTeX file. Raises Unreadable."""
    library = parse_string(text)
    wrong = [(failed.start_line or 0, _why(failed)) for failed in library.failed_blocks]
    items = []
    for entry in library.entries:
        for field in entry.fields:
            if field.key.lower() in BIBTEX_USED and field.enclosing == "no-enclosing":
                wrong.append((field.start_line or 0, f"{field.key}: {NO_TEXT.format(field.value)}"))
        try:
            items.append(_of_entry(entry))
        except InvalidNameError as error:
            why = "cannot be told apart: write `Family, Given and Family, Given`, an institution in { }"
            wrong.append((entry.start_line or 0, f"the authors `{error.name}` {why}"))
    if wrong:
        raise Unreadable("\n".join(f"line {line + 1}: {why}" for line, why in sorted(wrong)))
    if not items:
        raise Unreadable(NO_ENTRY)
    return items


def _why(failed: ParsingFailedBlock) -> str:
    """What is wrong with a part that could not be read, in plain words."""
    if isinstance(failed, DuplicateFieldKeyBlock):
        return f"the entry that begins here has {', '.join(sorted(failed.duplicate_keys))} twice: leave one"
    if isinstance(failed, DuplicateBlockKeyBlock):
        return f"the entry that begins here {TWICE.format(failed.key)}"
    reason = str(getattr(failed.error, "abort_reason", "")).lower()
    return f"the entry that begins here {next((said for words, said in WHY_BROKEN.items() if words in reason), BROKEN)}"


def _of_entry(entry: Entry) -> Item:
    raw = {field.key.lower(): str(field.value) for field in entry.fields}
    kind = entry.entry_type.lower()
    said = {key: value if key in VERBATIM else _plain(value) for key, value in raw.items()}
    own = said.get(OWN_TYPE)
    item: Item = {"id": entry.key, "type": own if own in BIBTEX_TYPES else BIBTEX_READ.get(kind, UNKNOWN)}
    if "author" in raw:
        item["author"] = _people(_read_name(name) for name in split_multiple_persons_names(raw["author"]))
    month = said.get("month", "").lower()
    month = str(MONTHS.index(month[:3]) + 1) if month[:3] in MONTHS else month
    day = [said["day"]] if "day" in said else []
    parts = "-".join([said.get("year", ""), *(part.zfill(2) for part in [month, *day] if part)])
    _put_date(item, ISO_DATE, said.get("date"), parts)
    for key, fields in BIBTEX_FOUND.items():
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
    return {"family": family, "given": given} if family and given else {"literal": family or given}


def _put_date(item: Item, form: re.Pattern[str], *written: str | None) -> None:
    """Give an item the first of some dates that can be read; of one in another form the year."""
    for found in [*(form.match(text or "") for text in written), *(A_YEAR.search(text or "") for text in written)]:
        if found and (parts := _parts([int(part) for part in found.groups() if part])):
            item["issued"] = {"date-parts": [parts]}
            return


def _parts(parts: list[int]) -> list[int]:
    """The year, the month and the day of a date, as far as there can be such ones."""
    for much in range(min(len(parts), 3), 0, -1):
        try:
            date(*(parts[:much] + [1] * (3 - much)))
        except (ValueError, OverflowError):
            continue
        return parts[:much]
    return []


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
    entries = rispy.loads("\n".join(_ris_lines(text)), implementation=_RisReader)
    if not entries:
        raise Unreadable(NO_ENTRY)
    return [_of_ris(entry) for entry in entries]


class _RisReader(rispy.RisParser):  # type: ignore[misc]
    """Leaves addresses as they are: to rispy a semicolon always parts two of them."""

    DEFAULT_DELIMITER_MAPPING: ClassVar[dict[str, str]] = {}


def _ris_lines(text: str) -> Iterator[str]:
    """The lines of the entries as rispy reads them, which leaves out without a word what is not quite so.

    An entry without an end ends where the next one begins; what has no beginning is refused.
    """
    lines = re.split(r"\r\n|\r|\n", text)
    form = RIS_LINE if any(line.startswith("TY  -") for line in lines) else RIS_LOOSE_LINE
    held: list[str] = []
    for number, line in enumerate(lines, 1):
        found = form.fullmatch(line.rstrip())
        tag, value = (found[1], found[2] or "") if found else ("", line.strip())
        if held and tag in ("TY", "ER"):
            yield from [*held, "ER  - "]
            held = []
        if tag == "TY":
            held = [f"TY  - {value}"]
        elif tag and tag != "ER":
            if not held:
                raise Unreadable(f"line {number}: `{tag}` belongs to no entry: each begins with a line `TY  - …`")
            held.append(f"{tag}  - {value}")
        elif value and held and not tag:
            if len(held) == 1:
                raise Unreadable(f"line {number}: this belongs to no key: after `TY` comes one such as `TI  - …`")
            held[-1] += f" {value}"  # a value goes on
    if held:
        yield from [*held, "ER  - "]


def _of_ris(entry: dict[str, Any]) -> Item:
    item: Item = {"type": RIS_READ.get(entry["type_of_reference"], UNKNOWN)}
    item |= {key: entry[field] for field, key in {**RIS_OTHER, **RIS_SAME}.items() if field in entry}
    if authors := [*entry.get("first_authors", []), *entry.get("authors", [])]:
        item["author"] = _people(_ris_name(author) for author in authors)
    _put_date(item, RIS_DATE, entry.get("date"), entry.get("year"), entry.get("publication_year"))
    if notes := entry.get("notes"):
        item["note"] = " ".join(notes)
    if urls := [url for held in entry.get("urls", []) for url in SEVERAL.split(held)]:
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
    except json.JSONDecodeError as error:
        raise Unreadable(f"line {error.lineno}, sign {error.colno}: here it is no longer JSON; save it again") from None
    except (ValueError, RecursionError):
        raise Unreadable("this is not JSON") from None
    if not isinstance(items, list):
        raise Unreadable("this is not a list of CSL-JSON items: save it as CSL JSON")
    found, wrong = [], []
    for number, item in enumerate(items, 1):
        try:
            found.append(_of_csl(item))
        except Unreadable as error:
            title = item.get("title") if isinstance(item, dict) else None
            named = f"entry {number} ({title})" if isinstance(title, str) else f"entry {number}"
            wrong.append(f"{named}: {error}")
    if wrong:
        raise Unreadable("\n".join(wrong))
    if not found:
        raise Unreadable(NO_ENTRY)
    return found


CSL_TEXTS = (
    "id", "type", "title", "container-title", "publisher", "volume", "issue", "genre", "note", "language", "URL", "DOI",
)  # fmt: skip


def _of_csl(item: Any) -> Item:
    """An item with what is used of it, each as CSL has it. Raises Unreadable."""
    if not isinstance(item, dict):
        raise Unreadable("this is not an item of CSL-JSON")
    made: Item = {key: text for key in CSL_TEXTS if (text := _csl_text(key, item.get(key)))}
    made.setdefault("type", UNKNOWN)
    authors = item.get("author") or []
    if names := _people(_csl_name(name) for name in (authors if isinstance(authors, list) else [authors])):
        made["author"] = names
    _put_csl_date(made, item.get("issued"))
    custom = item.get("custom")
    also = custom.get("also") if isinstance(custom, dict) else None
    if isinstance(also, list) and also:
        made["custom"] = {"also": [str(_csl_text("also", url)) for url in also]}
    return made


def _csl_text(key: str, value: Any) -> str | None:
    """A text; a number as one, the first of several, None where there is none."""
    if isinstance(value, list):  # Crossref writes titles so
        value = value[0] if value else None
    if value is None:
        return None
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise Unreadable(f"`{key}` is not a text")
    return str(value).encode("utf-8", "replace").decode("utf-8")  # JSON can hold half a sign


def _csl_name(name: Any) -> Item:
    """A name in two parts, or as it stands where it has only one."""
    if isinstance(name, str):
        return {"literal": name}
    if not isinstance(name, dict):
        raise Unreadable('`author` needs names, such as {"family": "Flood", "given": "M."}')

    def part(key: str) -> str:
        return (_csl_text(key, name.get(key)) or "").strip()

    family = " ".join(filter(None, [part("non-dropping-particle"), part("family")]))
    given = " ".join(filter(None, [part("given"), part("dropping-particle")]))
    given = ", ".join(filter(None, [given, part("suffix")]))
    whole = part("literal") or part("name")
    if not family and not given and not whole:
        raise Unreadable("an author has no name")
    return {"family": family, "given": given} if family and given else {"literal": whole or family or given}


def _put_csl_date(item: Item, issued: Any) -> None:
    """Give an item its date, in parts or as a text; none where it has none."""
    if isinstance(issued, dict):
        every = issued.get("date-parts")
        first = every[0] if isinstance(every, list) and every else None
        if isinstance(first, list):
            parts = [_csl_number(part) for part in first]
            known = parts[: parts.index(None)] if None in parts else parts
            if found := _parts([part for part in known if part is not None]):
                item["issued"] = {"date-parts": [found]}
                return
        issued = issued.get("raw") or issued.get("literal")
    if issued is not None:
        _put_date(item, RIS_DATE, _csl_text("issued", issued))


def _csl_number(part: Any) -> int | None:
    """A part of a date as a number, also where it is the name of a month; None where it is no number."""
    said = str(part).strip().lower()
    if said[:3] in MONTHS:
        return MONTHS.index(said[:3]) + 1
    return int(said) if said.isascii() and said.isdigit() else None


WRITERS: dict[str, Callable[[Iterable[Item]], str]] = {"bib": bibtex, "ris": ris, "json": csl_json}
READERS: dict[str, Callable[[str], list[Item]]] = {"bib": read_bibtex, "ris": read_ris, "json": read_csl_json}
