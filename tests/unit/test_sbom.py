"""The bill of materials: valid by its own standard, what the build needs and no more, nothing of a day or a machine."""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from learning_site import sbom

MADE = datetime(2024, 2, 29, 12, tzinfo=UTC)
COMMIT = "c" * 40


@pytest.fixture(scope="module")
def text(project: Path) -> str:
    return sbom.of_build(project, MADE, COMMIT)


@pytest.fixture(scope="module")
def bill(text: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(text)
    return read


def test_the_validator_of_its_standard_finds_nothing(text: str) -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(text.replace('"type": "library"', '"type": "book"', 1)) is not None
    assert validator.validate_str(text) is None


def test_it_holds_what_the_build_needs_as_it_is_locked_and_no_tool_of_the_tests(
    project: Path, bill: dict[str, Any]
) -> None:
    said = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*said["project"]["dependencies"], *said["dependency-groups"]["handbook"]]
    direct = {canonicalize_name(Requirement(line).name) for line in asked}
    held = {component["name"] for component in bill["components"]}
    assert len(direct) > 10
    assert held > direct, "and what those need"
    assert held.isdisjoint({"pytest", "ruff", "mypy", "zizmor", "hypothesis", "selenium"})
    lock = (project / "requirements.txt").read_text(encoding="utf-8")
    for component in bill["components"]:
        assert f"\n{component['name']}=={component['version']} " in lock
        (files,) = component["externalReferences"]
        assert files["hashes"]
        assert all(f"--hash=sha256:{checksum['content']}" in lock for checksum in files["hashes"])
        assert component["licenses"], component["name"]


def test_every_need_is_in_it(bill: dict[str, Any]) -> None:
    refs = {component["bom-ref"] for component in bill["components"]}
    needs = {entry["ref"]: entry.get("dependsOn", []) for entry in bill["dependencies"]}
    assert set(needs) == refs | {bill["metadata"]["component"]["bom-ref"]}
    assert {ref for needed in needs.values() for ref in needed} == refs
    (mkdocs,) = (needed for ref, needed in needs.items() if ref.startswith("pkg:pypi/mkdocs@"))
    assert any(ref.startswith("pkg:pypi/jinja2@") for ref in mkdocs)


def test_it_says_what_was_built_and_nothing_of_the_machine(project: Path, text: str, bill: dict[str, Any]) -> None:
    assert sbom.of_build(project, MADE, COMMIT) == text
    assert bill["metadata"]["timestamp"] == MADE.isoformat()
    assert bill["metadata"]["component"]["properties"] == [{"name": "learning-site:commit", "value": COMMIT}]
    assert json.loads(sbom.of_build(project, MADE, "d" * 40))["serialNumber"] != bill["serialNumber"]
    assert str(project) not in text
    assert [line.strip() for line in text.splitlines() if "://" in line] == [
        '"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",'
    ]
