"""A new record for staff to fill in: valid from the start, with what each key is for."""

import textwrap
from pathlib import Path
from typing import Any, get_args

from learning_site.model import Kind, Localized, Record, Refers, Site

WIDTH = 110


class CannotStart(Exception):
    """Why a record cannot be started, in staff words."""


def start(folder: Path, site: Site, kind: Kind, record_id: str) -> Path:
    """Write a new record into a data folder; the file that holds it. Raises CannotStart, and then writes nothing."""
    path = folder / kind.file(record_id)
    if record_id in site.kind(kind.name):
        raise CannotStart(f"there is a `{record_id}` in {kind.name} already")
    lines = _record(kind.model, site, record_id)
    if kind.form == "a file each":
        head = [f"# yaml-language-server: $schema=../schema/{kind.name}.json", *_comment(kind.model.__doc__ or "", "")]
        path.write_text(
            "\n".join([*head, "# After an edit run: learning-site check", "", *lines]) + "\n", encoding="utf-8"
        )
    else:
        before = path.read_text(encoding="utf-8").rstrip("\n")
        entry = [f"{record_id}:", *(f"  {line}" if line else "" for line in lines)]
        path.write_text("\n".join([before, *entry]) + "\n", encoding="utf-8")
    return path


def _comment(text: str, indent: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")


def _record(model: type[Record], site: Site, record_id: str, indent: str = "") -> list[str]:
    """The required keys of a record, each with its help and a first value; then the others as comments."""
    lines = []
    for name, info in model.model_fields.items():
        required = info.is_required() or name == "sources"
        lines += _comment(info.description or "", indent) if info.description else []
        if required:
            lines += _field(name, info, site, record_id, indent)
        else:
            lines.append(f"{indent}# {name}:")
    return lines


def _field(name: str, info: Any, site: Site, record_id: str, indent: str) -> list[str]:
    words = record_id.replace("-", " ").capitalize()
    annotation = info.annotation
    inner = get_args(annotation)
    if name == "order":
        return [f"{indent}order: {max((e.order for e in site.elements.values()), default=-1) + 1}"]
    if name == "sources":
        return [f"{indent}sources: [{next(iter(site.sources), 'id')}]"]
    if inner and isinstance(inner[0], str):  # a closed list
        return [f"{indent}{name}: {inner[0]}"]
    if isinstance(annotation, type) and issubclass(annotation, Localized):
        return [f"{indent}{name}:", f"{indent}  en: {words}"]
    if getattr(annotation, "__origin__", None) is list:
        item = inner[0]
        if isinstance(item, type) and issubclass(item, Record):
            block = _record(item, site, record_id, f"{indent}    ")
            first = next(index for index, line in enumerate(block) if not line.lstrip().startswith("#"))
            block[first] = f"{indent}  - {block[first].lstrip()}"
            return [f"{indent}{name}:", *block]
        return [f"{indent}{name}: [en]"]
    refers = next((mark.kind for mark in info.metadata if isinstance(mark, Refers)), None)
    if refers:
        return [f"{indent}{name}: {next(iter(site.kind(refers)), 'id')}"]
    if name == "url":
        return [f"{indent}url: https://example.org/{record_id}"]
    return [f"{indent}{name}: {'en' if name in ('language', 'original', 'en') else words}"]
