"""The schemas in data/schema/ are those of the model, and say of the real content and of slips what the model says."""

import dataclasses
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest
import yaml
from referencing import Registry, Resource

from learning_site import schema
from learning_site.loading import load_site
from learning_site.model import KINDS, Site


def test_schemas_are_up_to_date(project: Path, real_site: Site) -> None:
    assert list(schema.stale(project / "data", real_site)) == [], "run: learning-site schema"


def test_stale_schemas_are_named(good_data: Path) -> None:
    site = load_site(good_data)
    assert sorted(schema.stale(good_data, site)) == sorted(f"{name}.json" for name in (*KINDS, "ids"))
    assert sorted(schema.stale(good_data, None)) == sorted(f"{kind}.json" for kind in KINDS)
    assert len(schema.write(good_data, site)) == len(KINDS) + 1
    assert list(schema.stale(good_data, site)) == []
    assert schema.write(good_data, site) == []
    (good_data / "schema" / "cases.json").write_text("{}")
    assert list(schema.stale(good_data, site)) == ["cases.json"]


def test_the_ids_are_those_of_the_content_with_their_names(good_data: Path) -> None:
    site = load_site(good_data)
    offered = json.loads(schema.ids(site))["definitions"]
    assert set(offered) == {"elements", "cases", "questions", "evidence", "safeguards", "glossary", "sources"}
    sources = [(snippet["body"], snippet["label"]) for snippet in offered["sources"]["defaultSnippets"]]
    assert sources == [
        ("s1", "s1 — First source"),
        ("s2", "s2 — Deuxième source"),
        ("s3", "s3 — Third source: a report"),
    ]
    assert [snippet["body"] for snippet in offered["elements"]["defaultSnippets"]] == list(site.elements)


def test_a_kind_without_records_has_a_valid_schema(good_data: Path) -> None:
    """The language server refuses a whole schema that has an empty list of choices in it."""
    site = dataclasses.replace(load_site(good_data), cases={})
    offered = json.loads(schema.ids(site))["definitions"]["cases"]
    assert offered["if"]["not"]["enum"]
    assert offered["else"]["anyOf"]
    assert not jsonschema.Draft7Validator(offered).is_valid("alpha")


def test_an_id_of_digits_is_known_as_a_number_too(good_data: Path) -> None:
    site = load_site(good_data)
    offered = json.loads(schema.ids(dataclasses.replace(site, cases={"2014": site.cases["alpha"]})))
    cases = jsonschema.Draft7Validator(offered["definitions"]["cases"])
    assert cases.is_valid(2014)
    assert not cases.is_valid(2015)


def test_long_lists_of_ids_have_a_line_for_each(real_site: Site) -> None:
    lines = [line.strip().rstrip(",") for line in schema.ids(real_site).splitlines()]
    assert [source for source in real_site.sources if lines.count(f'"{source}"') != 1] == []


def test_a_new_id_is_a_line_in_each_list_of_the_ids(good_data: Path) -> None:
    before = schema.ids(load_site(good_data)).splitlines()
    (good_data / "cases" / "delta.yml").write_text(
        "name: {en: Delta}\nprogramme: {en: Work}\nsummary: {en: Done.}\n", "utf-8"
    )
    added = set(schema.ids(load_site(good_data)).splitlines()) - set(before)
    assert len([line for line in added if "delta" in line]) == 3


class AsInEditors(yaml.SafeLoader):
    """Reads values as editors do, which know YAML 1.2: numbers, true and false; a date is a text."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for tag, pattern, first in (
    ("int", r"^-?\d+$", "-0123456789"),
    ("float", r"^-?\d+\.\d+$", "-0123456789"),
    ("bool", r"^(true|false)$", "tf"),
):
    AsInEditors.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


def validator(kind: str, site: Site) -> Any:
    """Judges as an editor does, which finds the ids beside the schema."""
    made = json.loads(schema.schemas()[f"{kind}.json"])
    registry = Registry().with_resource("ids.json", Resource.from_contents(json.loads(schema.ids(site))))
    return jsonschema.Draft7Validator(made, registry=registry)


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_names_its_schema_and_says_what_it_is(kind: str, project: Path) -> None:
    data = project / "data"
    files = sorted((data / KINDS[kind].place).glob("*.yml")) or [data / KINDS[kind].place]
    for path in files:
        first, *rest = path.read_text(encoding="utf-8").splitlines()
        named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert named, path
        assert (path.parent / named[1]).resolve() == data / "schema" / f"{kind}.json", path
        assert (path.parent / named[1]).is_file(), path
        opening = [line.removeprefix("#").strip() for line in itertools.takewhile(lambda line: line[:1] == "#", rest)]
        assert len(opening) > 1, f"{path}: a comment says what the file is"
        assert " ".join(opening).endswith("After an edit run: learning-site check"), path


@pytest.mark.parametrize("kind", KINDS)
def test_real_content_is_valid_for_editors(kind: str, project: Path, real_site: Site) -> None:
    place = project / "data" / KINDS[kind].place
    files = sorted(place.glob("*.yml")) if place.is_dir() else [place]
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert [e.message for e in validator(kind, real_site).iter_errors(yaml.load(text, AsInEditors))] == [], path


def test_slips_are_invalid_for_editors(good_data: Path) -> None:
    site = load_site(good_data)
    case = yaml.load((good_data / "cases" / "alpha.yml").read_text(encoding="utf-8"), yaml.BaseLoader)
    cases = validator("cases", site)
    assert cases.is_valid(case)
    assert not cases.is_valid({**case, "sumary": "x"})
    assert not cases.is_valid({key: value for key, value in case.items() if key != "summary"})
    assert not cases.is_valid({**case, "name": {"fr": "x"}})
    assert not cases.is_valid({**case, "aliases": None})
    assert not cases.is_valid({**case, "context": [{"text": "x", "sources": ["nowhere"]}]})
    assert not cases.is_valid({**case, "strategies": [{"text": "x", "placed_by": "care", "element": "fist"}]})
    assert not validator("glossary", site).is_valid({"Bad Id": {"term": "x", "definition": "y"}})
    assert not validator("elements", site).is_valid({"name": "x", "order": 1, "summary": "y", "what_it_is": []})


def parts(made: Any) -> Iterator[dict[str, Any]]:
    """Every part of a schema that describes a record."""
    if isinstance(made, dict):
        if "properties" in made:
            yield made
        for inner in made.values():
            yield from parts(inner)
    elif isinstance(made, list):
        for inner in made:
            yield from parts(inner)


@pytest.mark.parametrize("kind", KINDS)
def test_every_schema_and_every_key_in_it_has_help(kind: str) -> None:
    made = json.loads(schema.schemas()[f"{kind}.json"])
    assert (KINDS[kind].model.__doc__ or "no help") in made["description"]
    described = list(parts(made))
    assert described
    assert [part["title"] for part in described if not part.get("title") or not part.get("description")] == []
    fields = {(part["title"], key): field for part in described for key, field in part["properties"].items()}
    assert [place for place, field in fields.items() if not field.get("description")] == []
