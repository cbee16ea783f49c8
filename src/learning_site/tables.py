"""Records as a flat table: columns that follow from their JSON Schema, and CSV that spreadsheets open and never run.

A text becomes a column for each language, a part its fields, a list of words one column; a list of parts has no place
in a row. Sources: RFC 4180 (CSV), Table Schema of the Data Package standard (https://datapackage.org/standard/).
"""

import csv
import io
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from learning_site.model import LANGUAGES
from learning_site.published import TEXTS, part_name

BETWEEN = ";"  # what stands between the words of a list in one cell
IN_WORDS = ","  # what stands for it in such a word
SHORTER = {"urls": "url"}  # a column holds one
CONSTRAINTS = ("enum", "pattern", "minimum")
TEXT_PARTS = frozenset(model.__name__ for model in TEXTS)
# What a spreadsheet takes for the start of a formula, in the wide signs of East Asia too. Source: OWASP, CSV Injection.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NO_FORMULA = "'"


@dataclass(frozen=True)
class Column:
    """A column: its name, type and meaning, the way to its value in a record, and of which kind it holds an id."""

    name: str
    type: str
    meaning: str
    path: tuple[str, ...]
    refers: str | None = None
    constraints: dict[str, Any] = field(default_factory=dict)


def columns(schema: dict[str, Any]) -> list[Column]:
    """The columns of records with a schema that `published.schema` made."""
    return list(_of_object(schema, schema["$defs"], (), needed=True))


def _of_object(
    schema: dict[str, Any], parts: dict[str, Any], path: tuple[str, ...], needed: bool, meaning: str | None = None
) -> Iterator[Column]:
    for name, inner in schema["properties"].items():
        yield from of_field(inner, parts, (*path, name), needed, meaning)


def of_field(
    schema: dict[str, Any],
    parts: dict[str, Any],
    path: tuple[str, ...],
    needed: bool = True,
    meaning: str | None = None,
) -> Iterator[Column]:
    """The columns of a field; none for a list of parts. `needed` is false inside of what may be missing."""
    one = only(schema)
    needed = needed and not may_be_null(schema)
    said = meaning or schema.get("description") or one.get("description", "")
    if part := part_name(one):
        if part in TEXT_PARTS:
            for code in LANGUAGES:
                yield from of_field(parts[part]["properties"][code], parts, (*path, code), needed, said)
        else:
            yield from _of_object(parts[part], parts, path, needed)
    elif one.get("type") != "array":
        yield _column(one, path, needed, said)
    elif not part_name(one["items"]):
        yield Column(_name(path), "string", said, path)


def only(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a field without the choice of null."""
    chosen: dict[str, Any] = schema.get("anyOf", [schema])[0]
    return chosen


def may_be_null(schema: dict[str, Any]) -> bool:
    """Whether a field may be null."""
    return "anyOf" in schema or "null" in schema.get("type", "")


def _column(one: dict[str, Any], path: tuple[str, ...], needed: bool, meaning: str) -> Column:
    kind = one["type"] if isinstance(one["type"], str) else one["type"][0]
    constraints = {key: one[key] for key in CONSTRAINTS if key in one} | ({"required": True} if needed else {})
    if one.get("format") == "date":
        kind = "date"
    return Column(_name(path), kind, meaning, path, one.get("refers"), constraints)


def _name(path: tuple[str, ...]) -> str:
    return "_".join(SHORTER.get(part, part) for part in path)


def table_schema(of: list[Column], key: list[str], others: Container[str | None]) -> dict[str, Any]:
    """The Table Schema of columns: `key` tells rows apart; ids of records in the tables `others` are foreign keys."""
    fields = [
        {"name": c.name, "type": c.type, "description": c.meaning, "constraints": c.constraints}
        if c.constraints
        else {"name": c.name, "type": c.type, "description": c.meaning}
        for c in of
    ]
    foreign = [
        {"fields": [c.name], "reference": {"resource": c.refers, "fields": ["id"]}} for c in of if c.refers in others
    ]
    made: dict[str, Any] = {"fields": fields, "primaryKey": key, "missingValues": [""]}
    return {**made, "foreignKeys": foreign} if foreign else made


def as_csv(of: list[Column], records: Iterable[dict[str, Any]]) -> bytes:
    """Published records as CSV: UTF-8 that says so to a spreadsheet, a line for each, ended as RFC 4180 says."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([column.name for column in of])
    writer.writerows([_cell(_at(record, column.path)) for column in of] for record in records)
    return written.getvalue().encode("utf-8-sig")


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if value is None:
            return None
        value = value[name]
    return value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)  # never guarded: a sign before a number is no formula
    text = BETWEEN.join(word.replace(BETWEEN, IN_WORDS) for word in value) if isinstance(value, list) else str(value)
    return f"{NO_FORMULA}{text}" if text.startswith(FORMULA_STARTS) else text
