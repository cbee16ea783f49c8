"""What each field and column of the open data means: the descriptions of the model, as tables for a page.

They are English, because they are also what an editor shows to staff.
"""

import functools
import re
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from learning_site import open_data, published, tables

CONTENT_FILE = re.compile(r"\b(\w+)\.yml\b")


@dataclass(frozen=True)
class Explained:
    """A field: its name, its columns, what it holds (ending with the name of a part, if it holds one), its meaning.

    Of the meaning every second text is code.
    """

    name: str
    columns: list[str]
    holds: str
    part: str
    meaning: list[str]


@dataclass(frozen=True)
class Described:
    """A table, or a part of a record: its name as in the files, what it is, its fields."""

    name: str
    meaning: str
    fields: list[Explained]


@functools.cache
def every_record() -> Described:
    """What each record says first."""
    return _described(published.schema(published.Head), columned=True)


@functools.cache
def of_tables() -> list[Described]:
    """Every table with the fields of its own."""
    known = {field.name for field in every_record().fields}
    return [
        _described(open_data.schema(name), columned=True, without=known, name=name, meaning=open_data.meaning(name))
        for name in open_data.TABLES
    ]


@functools.cache
def of_parts() -> list[Described]:
    """Every part that the fields of tables hold, each once."""
    parts = {name: part for table in open_data.TABLES for name, part in open_data.schema(table)["$defs"].items()}
    return [_described(part, columned=False, name=name) for name, part in parts.items()]


@functools.cache
def of_files() -> Described:
    """What each JSON file says of itself."""
    return _described(published.schema(open_data.About), columned=False)


def _described(
    schema: dict[str, Any], columned: bool, without: Container[str] = (), name: str = "", meaning: str = ""
) -> Described:
    fields = [
        Explained(key, _columns(key, field, schema) if columned else [], *_holds(field), _meaning(field))
        for key, field in schema["properties"].items()
        if key not in without
    ]
    return Described(name, meaning or schema["description"], fields)


def _columns(key: str, field: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    return [column.name for column in tables.of_field(field, schema["$defs"], (key,))]


def _meaning(field: dict[str, Any]) -> list[str]:
    """What a field means, to somebody who has the published files and not those of the content."""
    said = str(field.get("description") or tables.only(field).get("description", ""))
    return CONTENT_FILE.sub(r"\1.json", said).split("`")


def _holds(field: dict[str, Any]) -> tuple[str, str]:
    """What a field holds, in words; and the part if it holds one, which then ends the words."""
    only = tables.only(field)
    maybe = "null or " if tables.may_be_null(field) else ""
    if part := published.part_name(only):
        return maybe, part
    if "items" in only:
        words, part = _holds(only["items"])
        return f"{maybe}list of {words}", part
    if "refers" in only:
        return f"{maybe}id in {only['refers']}", ""
    if "enum" in only:
        return f"{maybe}{' or '.join(only['enum'])}", ""
    kind = only["type"] if isinstance(only["type"], str) else only["type"][0]  # the others only say that it may be null
    return f"{maybe}{only.get('format', kind)}", ""
