"""From the model to JSON Schemas, one for each kind of file, for editors."""

import json
from pathlib import Path
from typing import Any

from learning_site.model import KINDS, Kind

FOLDER = "schema"


def schemas() -> dict[str, str]:
    """Every schema as text, by the name of its file."""
    return {
        f"{kind.name}.json": json.dumps(_schema(kind), indent=2, ensure_ascii=False) + "\n" for kind in KINDS.values()
    }


def _schema(kind: Kind) -> dict[str, Any]:
    record = kind.model.model_json_schema()
    definitions = record.pop("$defs", {})
    if kind.form == "a mapping of ids":
        content = {"type": "object", "propertyNames": {"pattern": kind.id_pattern}, "additionalProperties": record}
    else:
        content = record
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": kind.name}
    schema: dict[str, Any] = _for_yaml({**head, **content, "$defs": definitions})
    return schema


def _for_yaml(schema: Any) -> Any:
    """A year such as 2014 is a number to an editor and a text to us, so a text may look like a number."""
    if isinstance(schema, list):
        return [_for_yaml(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _for_yaml(value) for key, value in schema.items()}
    if made.get("type") == "string" and not {"enum", "const"} & made.keys():
        made["type"] = ["string", "number"]
    return made


def stale(folder: Path) -> dict[str, str]:
    """The schemas below a data folder that are missing or not those of the model: their right text by file name."""
    return {
        name: text
        for name, text in schemas().items()
        if not (path := folder / FOLDER / name).exists() or path.read_text(encoding="utf-8") != text
    }


def write(folder: Path) -> list[Path]:
    """Write the schemas below a data folder; the files that changed."""
    changed = []
    for name, text in stale(folder).items():
        path = folder / FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        changed.append(path)
    return changed
