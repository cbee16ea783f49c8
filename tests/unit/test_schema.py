"""The schemas in data/schema/ are those of the model, and say of the real content and of slips what the model says."""

import json
import re
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest
import yaml

from learning_site import schema
from learning_site.model import KINDS


def test_schemas_are_up_to_date(project: Path) -> None:
    assert list(schema.stale(project / "data")) == [], "run: learning-site schema"


def test_stale_schemas_are_named(tmp_path: Path) -> None:
    assert sorted(schema.stale(tmp_path)) == sorted(f"{kind}.json" for kind in KINDS)
    assert len(schema.write(tmp_path)) == len(KINDS)
    assert list(schema.stale(tmp_path)) == []
    assert schema.write(tmp_path) == []
    (tmp_path / "schema" / "cases.json").write_text("{}")
    assert list(schema.stale(tmp_path)) == ["cases.json"]


class AsInEditors(yaml.SafeLoader):
    """Reads values as editors do, which know YAML 1.2: numbers, true and false; a date is a text."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for tag, pattern, first in (
    ("int", r"^-?\d+$", "-0123456789"),
    ("float", r"^-?\d+\.\d+$", "-0123456789"),
    ("bool", r"^(true|false)$", "tf"),
):
    AsInEditors.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


def validator(kind: str) -> Any:
    return jsonschema.Draft7Validator(json.loads(schema.schemas()[f"{kind}.json"]))


@pytest.mark.parametrize("kind", KINDS)
def test_real_content_is_valid_for_editors(kind: str, project: Path) -> None:
    place = project / "data" / KINDS[kind].place
    files = sorted(place.glob("*.yml")) if place.is_dir() else [place]
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8")
        first = text.splitlines()[0]
        assert first == f"# yaml-language-server: $schema={'../' if place.is_dir() else ''}schema/{kind}.json", path
        assert text.splitlines()[1].startswith("# "), "a comment says what the file is"
        assert [e.message for e in validator(kind).iter_errors(yaml.load(text, AsInEditors))] == [], path


def test_slips_are_invalid_for_editors(good_data: Path) -> None:
    case = yaml.load((good_data / "cases" / "alpha.yml").read_text(encoding="utf-8"), yaml.BaseLoader)
    assert validator("cases").is_valid(case)
    assert not validator("cases").is_valid({**case, "sumary": "x"})
    assert not validator("cases").is_valid({key: value for key, value in case.items() if key != "summary"})
    assert not validator("cases").is_valid({**case, "name": {"fr": "x"}})
    assert not validator("glossary").is_valid({"Bad Id": {"term": "x", "definition": "y"}})


def test_every_field_that_staff_fill_in_has_help() -> None:
    silent = []
    for kind in KINDS.values():
        for name, info in kind.model.model_fields.items():
            if name not in ("sources", "publications", "neutral") and not info.description:
                aliases = any(getattr(mark, "description", None) for mark in info.metadata)
                silent += [] if aliases else [f"{kind.name}.{name}"]
    assert silent == []
