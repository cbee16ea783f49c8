"""A new record for staff to fill in: valid from the start, says what each key is for, and claims nothing."""

import textwrap
from pathlib import Path
from typing import Any, get_args

from learning_site.model import Kind, Localized, Record, Refers, Site, is_written_by_commands

WIDTH = 110
UNWRITTEN = "Not written yet."
# Fields that can begin as the words of the id.
CALLED = frozenset({"name", "term", "title", "question", "short", "en", "fr", "ne"})
CAUTIOUS = {"placed_by": "editors", "read": "record"}  # of closed lists, what claims least; else the first


class CannotStart(Exception):
    """Why a record cannot be started, in staff words."""


def start(folder: Path, site: Site, kind: Kind, record_id: str, source: str | None = None) -> tuple[Path, list[int]]:
    """Write a new record into a data folder. Claims in it name `source`, or the first one of the register.

    Returns the file, and the lines in it that have to be filled in. Raises CannotStart, and then writes nothing.
    """
    path = folder / kind.file(record_id)
    records = site.kind(kind.name)
    former = {old: i for i, record in records.items() for old in getattr(record, "former_ids", ())}
    if record_id in records or record_id in former:
        raise CannotStart(f"`{former.get(record_id, record_id)}` in {kind.name} has this id already, or had it before")
    if source is not None and source not in site.sources:
        raise CannotStart(f"there is no source `{source}`; start it first: learning-site new source {source}")
    lines = _Draft(site, record_id, source or next(iter(site.sources), "id")).record(kind.model)
    if kind.form == "a file each":
        head = [f"# yaml-language-server: $schema=../schema/{kind.name}.json", *_comment(kind.model.__doc__ or "", "")]
        written = [*head, "# After an edit run: learning-site check", "", *lines]
        path.write_bytes(_joined(written).encode("utf-8"))
        return path, _to_fill_in(written, 0, source)
    before = path.read_bytes().decode("utf-8")
    apart = [""] if before.count("\n\n") > len(records) // 2 or before.count("\r\n\r\n") > len(records) // 2 else []
    entry = [*apart, f"{record_id}:", *(f"  {line}" if line else "" for line in lines)]
    end = "\r\n" if "\r\n" in before else "\n"
    begun = before if before.endswith("\n") else before + end
    path.write_bytes((begun + _joined(entry).replace("\n", end)).encode("utf-8"))
    return path, _to_fill_in(entry, begun.count("\n"), source)


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def _to_fill_in(lines: list[str], above: int, source: str | None) -> list[int]:
    """The lines that stand for something that only a person knows."""
    marks = (UNWRITTEN, "example.org", *(() if source else ("sources:",)))
    values = [(above + n, line) for n, line in enumerate(lines, 1) if not line.lstrip().startswith("#")]
    return [number for number, line in values if any(mark in line for mark in marks)]


def _comment(text: str, indent: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")


class _Draft:
    """The lines of one new record."""

    def __init__(self, site: Site, record_id: str, source: str) -> None:
        self.site = site
        self.words = record_id.replace("-", " ").replace("_", " ").capitalize()
        self.record_id = record_id
        self.source = source

    def record(self, model: type[Record], helped: bool = True) -> list[str]:
        """The needed keys of a record with a first value, the others as comments; without help only the needed."""
        lines: list[str] = []
        for name, info in model.model_fields.items():
            if is_written_by_commands(info):
                continue
            if helped and info.description:
                lines += _comment(info.description, "")
            if name in _needed(model):
                lines += self._field(name, info)
            elif helped:
                lines += [f"# {line}" for line in _sample(name, info)]
        return lines

    def _field(self, name: str, info: Any) -> list[str]:
        """A needed key with a value that is valid and claims nothing."""
        annotation, inner = info.annotation, get_args(info.annotation)
        if name == "order":
            return [f"order: {max((e.order for e in self.site.elements.values()), default=-1) + 1}"]
        if name == "sources":
            return [f"sources: [{self.source}]"]
        if inner and isinstance(inner[0], str):
            return [f"{name}: {CAUTIOUS.get(name, inner[0])}"]
        said = self.words if name in CALLED else UNWRITTEN
        if isinstance(annotation, type) and issubclass(annotation, Localized):
            return [f"{name}:", f"  en: {said}"]
        if _is_list(info):
            if isinstance(inner[0], type) and issubclass(inner[0], Record):
                return [f"{name}:", *_entry(self.record(inner[0], helped=False))]
            return [f"{name}: [en]"]
        if refers := next((mark.kind for mark in info.metadata if isinstance(mark, Refers)), None):
            return [f"{name}: {next(iter(self.site.kind(refers)), 'id')}"]
        if name == "url":
            return [f"url: https://example.org/{self.record_id}"]
        return [f"{name}: {'en' if name in ('language', 'original') else said}"]


def _sample(name: str, info: Any) -> list[str]:
    """What a key that may be left out looks like."""
    model = next((kind for kind in _types(info) if issubclass(kind, Record) and not issubclass(kind, Localized)), None)
    if model is None:
        return _shape(name, info)
    inner = [line for key in _needed(model) for line in _shape(key, model.model_fields[key])]
    return [f"{name}:", *(_entry(inner) if _is_list(info) else (f"  {line}" for line in inner))]


def _shape(name: str, info: Any) -> list[str]:
    """A key with its value left open."""
    if _is_list(info):
        return [f"{name}: […]"]
    return [f"{name}:", "  en: …"] if any(issubclass(kind, Localized) for kind in _types(info)) else [f"{name}: …"]


def _types(info: Any) -> list[type[Any]]:
    """The types of a field, or of the entries of its list."""
    return [kind for kind in (info.annotation, *get_args(info.annotation)) if isinstance(kind, type)]


def _is_list(info: Any) -> bool:
    return getattr(info.annotation, "__origin__", None) is list


def _entry(lines: list[str]) -> list[str]:
    """Lines as one entry of a list."""
    return [f"  - {lines[0]}", *(f"    {line}" for line in lines[1:])]


def _needed(model: type[Record]) -> list[str]:
    """The keys that a record cannot be without; its claims need sources, though the model can do without."""
    return [name for name, info in model.model_fields.items() if info.is_required() or name == "sources"]
