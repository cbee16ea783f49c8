"""From the model to JSON Schemas for editors, one for each kind of file; and from the content to the ids they offer.

They are shaped for the YAML language server, which shows an `errorMessage` as it stands and offers `defaultSnippets`.
The words are those of the check, so that a slip is called the same in the editor and on the terminal.
"""

import functools
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from learning_site.messages import FIELD_WORDINGS, listed
from learning_site.model import (
    ID_PATTERN,
    KINDS,
    LINE_PATTERN,
    MAIN_LANGUAGE,
    NUMBER_PATTERN,
    Kind,
    Localized,
    Site,
)

FOLDER = "schema"
IDS = "ids.json"
WROTE_IDS = "wrote {}, so that the editor knows the ids as they are now"
HEAD = {"$schema": "http://json-schema.org/draft-07/schema#"}
# What looks like a number or like true is one to an editor, which knows YAML, and a text to us.
TEXT = ["string", "number", "boolean"]
ONE_PARAGRAPH = r"^\s*([^\n]*\S)?\s*$"
WRITTEN = {  # what is no text: how it is written, and what is said otherwise
    "integer": (r"^(0|[1-9]\d*)$", "whole_number"),
    "number": (f"^{NUMBER_PATTERN}$", "number"),
    "boolean": ("^(true|false)$", "yes_or_no"),
}
LONGEST_LINE = 120
LONGEST_LABEL = 60  # the language server offers a longer one twice, cut and uncut
OR_LEAVE_OUT = "; or leave the key out if there is nothing to say yet"


@functools.cache
def schemas() -> dict[str, str]:
    """Every schema that follows from the model, as text, by the name of its file."""
    return {f"{kind.name}.json": _text(_Schema(kind).file()) + "\n" for kind in KINDS.values()}


def ids(site: Site) -> str:
    """The schema of the ids that a record is referred to by: each with its name, in the order of the content."""
    every = "".join(schemas().values())
    definitions = {name: _ids(kind, site) for name, kind in KINDS.items() if f'"{_reference(name)}"' in every}
    return _text({**HEAD, "title": "Ids", "description": "The ids of the content.", "definitions": definitions}) + "\n"


def stale(folder: Path, site: Site | None) -> dict[str, str]:
    """The schemas below a data folder that are missing or not as they should be: their right text by file name.

    Without a site, because the content has problems, the ids count as they are.
    """
    return _differing(folder, schemas() | ({IDS: ids(site)} if site else {}))


def write(folder: Path, site: Site | None) -> list[Path]:
    """Write the schemas below a data folder; the files that changed."""
    return _write(folder, stale(folder, site))


def write_ids(folder: Path, site: Site) -> list[Path]:
    """Write the ids anew, if a data folder has schemas; the files that changed, so one or none."""
    return _write(folder, _differing(folder, {IDS: ids(site)})) if (folder / FOLDER).is_dir() else []


def _differing(folder: Path, texts: dict[str, str]) -> dict[str, str]:
    return {
        name: text
        for name, text in texts.items()
        if not (path := folder / FOLDER / name).exists() or path.read_text(encoding="utf-8") != text
    }


def _write(folder: Path, texts: dict[str, str]) -> list[Path]:
    changed = []
    for name, text in texts.items():
        path = folder / FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        changed.append(path)
    return changed


def _text(value: Any, indent: str = "") -> str:
    """JSON with a line for each thing that holds no other, so that one more id is one more line."""
    line = json.dumps(value, ensure_ascii=False)
    held = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    flat = not any(isinstance(item, (dict, list)) for item in held)
    if flat and (len(line) < LONGEST_LINE or not isinstance(value, list)):
        return line
    deeper = indent + "  "
    if isinstance(value, list):
        lines = [_text(item, deeper) for item in value]
        return "[\n" + ",\n".join(deeper + line for line in lines) + f"\n{indent}]"
    lines = [f"{json.dumps(key, ensure_ascii=False)}: {_text(item, deeper)}" for key, item in value.items()]
    return "{\n" + ",\n".join(deeper + line for line in lines) + f"\n{indent}}}"


# ---------------------------------------------------------------- from the content


def _ids(kind: Kind, site: Site) -> dict[str, Any]:
    """Any id of a kind, each with the name of its record.

    An `enum` outside `not` would be listed whole whenever somebody points at one id, and a `const` in place of a
    `pattern` would offer each id a second time.
    """
    named = {record_id: _plain(site.name(kind.name, record_id)) for record_id in site.kind(kind.name)}
    numbers = [int(record_id) for record_id in named if record_id.isdigit()]  # what an editor takes them for
    where = f"they are in data/{kind.place}; a new one is known here after: learning-site check"
    wrong = {"errorMessage": f"there is no {kind.one} with this id; {where}"}
    return {
        "defaultSnippets": [{"label": _label(i, name), "body": i, "description": name} for i, name in named.items()],
        "if": {"not": {"enum": [*named, *numbers] or [""]}},
        "then": {"allOf": [{"type": "object", **wrong}, {"type": "null", **wrong}]},  # which nothing is
        "else": {"anyOf": [{"pattern": f"^{i}$", "description": name} for i, name in named.items()] or [{}]},
    }


def _label(record_id: str, name: str) -> str:
    label = f"{record_id} — {name}"
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def _reference(kind: str) -> str:
    return f"{IDS}#/definitions/{kind}"


def _yaml(record: dict[str, Any]) -> list[str]:
    """The lines of a record; the language server would indent what is below the first key too far."""
    lines = []
    for key, value in record.items():
        if isinstance(value, str):
            lines.append(f"{key}: {value}")
        elif isinstance(value, dict):
            lines += [f"{key}:", *(f"  {line}" for line in _yaml(value))]
        else:
            first, *rest = _yaml(value[0])
            lines += [f"{key}:", f"  - {first}", *(f"    {line}" for line in rest)]
    return lines


def _plain(name: Localized | str | None) -> str:
    return name.en if isinstance(name, Localized) else name or ""


# ---------------------------------------------------------------- from the model


class _Schema:
    """The schema of a kind of file."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.record = kind.model.model_json_schema()
        self.definitions: dict[str, Any] = self.record.pop("$defs", {})

    def file(self) -> dict[str, Any]:
        definitions = {name: self._record(record) for name, record in self.definitions.items()}
        content = self._record(self.record)
        if self.kind.form == "a mapping of ids":
            new = {"${1:new-id}": self._body(self.record)}
            content = {
                "title": self.kind.place,
                "description": f"Ids, and below each: {content['description']}",
                "type": "object",
                "errorMessage": FIELD_WORDINGS["dict_type"].what.format(where=f"`{self.kind.name}`"),
                "propertyNames": {
                    "pattern": self.kind.id_pattern,
                    "patternErrorMessage": FIELD_WORDINGS[ID_PATTERN].in_editor(),
                    "doNotSuggest": True,
                },
                "defaultSnippets": [{"label": f"new {self.kind.one}", "body": "\n".join(_yaml(new))}],
                "additionalProperties": content,
            }
        return {**HEAD, **content, "$defs": definitions}

    def _record(self, record: dict[str, Any]) -> dict[str, Any]:
        """A record says which key is missing and which does not belong; `required` by itself speaks no staff words."""
        fields: dict[str, Any] = record["properties"]
        required = record.get("required", [])
        wrong, unknown = ("text_form", "text_keys") if _is_text(record) else ("model_type", "extra_forbidden")
        keys = listed((key for key, field in fields.items() if not field.get("readOnly")), 20)
        made = {
            "title": re.sub(r"(?<=[a-z])(?=[A-Z])", " ", record["title"]).capitalize(),
            "description": record["description"],
            "type": [*TEXT, "object"] if _is_text(record) else "object",
            "errorMessage": FIELD_WORDINGS[wrong].in_editor(keys=keys),
            "properties": {key: self._field(field, key, key in required) for key, field in fields.items()},
            "propertyNames": {
                "enum": list(fields),
                "errorMessage": FIELD_WORDINGS[unknown].in_editor(keys=keys),
                "doNotSuggest": True,
            },
        }
        if required:
            missing = FIELD_WORDINGS["missing"]
            made["allOf"] = [
                {"required": [key], "errorMessage": missing.in_editor(key=key, help=fields[key]["description"])}
                for key in required
            ]
        if not _is_text(record):
            made["defaultSnippets"] = [{"label": "what is needed here", "body": self._body(record)}]
        return made

    def _body(self, record: dict[str, Any], stops: Iterator[int] | None = None) -> dict[str, Any]:
        """What a new record needs, its sources too, with stops for the tabulator key."""
        stops = stops or itertools.count(2)
        keys = [key for key in record["properties"] if key in record.get("required", []) or key == "sources"]
        return {key: self._blank(record["properties"][key], stops) for key in keys}

    def _blank(self, field: dict[str, Any], stops: Iterator[int]) -> Any:
        if field.get("type") == "array":
            inner = self._blank(field["items"], stops)
            return [inner] if isinstance(inner, dict) and MAIN_LANGUAGE not in inner else f"[${next(stops)}]"
        return self._body(self._target(field), stops) if "$ref" in field else f"${next(stops)}"

    def _target(self, field: dict[str, Any]) -> dict[str, Any]:
        target: dict[str, Any] = self.definitions[field["$ref"].rpartition("/")[2]]
        return target

    def _field(self, field: dict[str, Any], key: str, needed: bool) -> dict[str, Any]:
        """A field with its help and with the words for what may be wrong in it."""
        if "anyOf" in field:  # it may be left out
            only = field["anyOf"][0]
            return self._field({**only, **{k: v for k, v in field.items() if k != "anyOf"}}, key, needed)
        made: dict[str, Any] = {"description": field["description"]} if "description" in field else {}
        if field.get("readOnly"):
            made["doNotSuggest"] = True
        if "refers" in field:
            title = made.get("description", KINDS[field["refers"]].one.capitalize())
            return {"title": title, **made, "$ref": _reference(field["refers"])}
        if "$ref" in field:
            target = self._target(field)
            if _is_text(target):  # its help also says what may stand in it
                made["description"] = "\n\n".join(
                    text for text in (made.get("description"), target["description"]) if text
                )
            return {**made, "$ref": field["$ref"]}
        if field["type"] == "array":
            items = self._field(field["items"], key, needed=True)
            made |= {"type": "array", "errorMessage": _said("list_type", key, needed), "items": items}
            if "minItems" in field:
                made["allOf"] = [{"contains": {}, "errorMessage": _said("too_short", key)}]
            return made
        if "enum" in field:
            words = FIELD_WORDINGS["literal_error"].in_editor(key=key, choices=listed(field["enum"]))
            return {**made, "enum": field["enum"], "errorMessage": words}
        return {**made, **_scalar(field, key, needed)}


def _is_text(record: dict[str, Any]) -> bool:
    """Whether a text may stand in place of a record's keys."""
    return isinstance(record["type"], list)


def _said(error: str, key: str, needed: bool = True) -> str:
    return FIELD_WORDINGS[error].in_editor(key=key) + ("" if needed else OR_LEAVE_OUT)


def _scalar(field: dict[str, Any], key: str, needed: bool) -> dict[str, Any]:
    """A number or a text. Numbers may stand in quotation marks, which an editor takes for texts."""
    if field["type"] in WRITTEN:
        pattern, error = WRITTEN[field["type"]]
        limits = {"minimum": field["minimum"]} if "minimum" in field else {}
        return {"type": [field["type"], "string"], "pattern": pattern, "errorMessage": _said(error, key), **limits}
    made: dict[str, Any] = {"type": TEXT, "errorMessage": _said("string_type", key, needed)}
    if "minLength" in field:
        made["allOf"] = [{"pattern": r"\S", "patternErrorMessage": _said("string_too_short", key)}]
    if "pattern" in field:
        written = ONE_PARAGRAPH if field["pattern"] == LINE_PATTERN else field["pattern"]
        made |= {"pattern": written, "patternErrorMessage": _said(field["pattern"], key)}
    return made
