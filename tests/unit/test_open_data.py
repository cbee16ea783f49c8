"""What is published of a record, the flat tables and the files: texts, links, ids, formulas, states, sameness."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from learning_site import data_dictionary, open_data, published, tables
from learning_site.loading import load_site
from learning_site.model import KINDS, MarkdownText, PlainText, Site, text_mark
from learning_site.staff_markdown import with_targets

RELEASE = open_data.Release(date(2026, 11, 24), "0123456789abcdef", "1.2.3")
DAY = date(2026, 10, 1)


@pytest.fixture
def site(good_data: Path) -> Site:
    return load_site(good_data)


@pytest.fixture
def files(site: Site) -> dict[str, bytes]:
    return open_data.files(
        site, lambda kind, record_id: DAY if (kind, record_id) == ("cases", "alpha") else None, RELEASE
    )


def held(files: dict[str, bytes], name: str) -> dict[str, dict]:
    return {record["id"]: record for record in json.loads(files[f"{name}.json"])["records"]}


def rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode("utf-8-sig"), newline="")))


# ------------------------------------------------------------ texts


def text(**said: object) -> PlainText:
    return PlainText.model_validate(said)


def test_what_a_field_holds_is_said_in_words_and_beside_its_part() -> None:
    described = [data_dictionary.every_record(), *data_dictionary.of_tables(), *data_dictionary.of_parts()]
    fields = [field for one in described for field in one.fields]
    assert len(fields) > 100
    assert [field.holds for field in fields if "[" in field.holds] == []
    assert [field.holds for field in fields if field.part and field.holds and not field.holds.endswith(" ")] == []


def test_a_text_says_how_each_translation_stands() -> None:
    now, before = text_mark("en", "one"), text_mark("en", "other")
    checked = {"fr": text_mark("fr", "one", "un")}
    stands = {
        "missing": text(en="one"),
        "unmarked": text(en="one", fr="un"),
        "stale": text(en="one", fr="un", made_from={"fr": before}),
        "fresh": text(en="one", fr="un", made_from={"fr": now}),
        "reviewed": text(en="one", fr="un", made_from={"fr": now}, reviewed=checked),
        "neutral": PlainText.model_validate("one"),
    }
    assert {name: published.status(one, "fr") for name, one in stands.items()} == {name: name for name in stands}


def test_the_least_translated_text_counts_wherever_it_stands() -> None:
    fresh, missing = ({"status": {"fr": state, "ne": "neutral"}} for state in ("fresh", "missing"))
    assert published.least_translated({"name": fresh, "parts": [{"text": missing}]}) == {
        "fr": "missing",
        "ne": "neutral",
    }
    assert published.least_translated({"order": 1}) == {"fr": "neutral", "ne": "neutral"}


def test_a_plain_text_is_there_in_every_language(site: Site) -> None:
    made = published.record(site, site.settings.licence)
    assert made["name"] == {
        **dict.fromkeys(("en", "fr", "ne"), made["name"]["en"]),
        "status": {"fr": "neutral", "ne": "neutral"},
    }


def test_a_quotation_says_which_language_it_was_said_in(files: dict[str, bytes]) -> None:
    quotes = held(files, "testimonies")
    assert quotes["french-words"]["quote"]["status"]["fr"] == "original"
    assert quotes["french-words"]["role"]["status"]["fr"] == "unmarked"
    assert quotes["plain-words"]["quote"]["status"] == {"fr": "missing", "ne": "missing"}


def test_links_to_records_become_whole_addresses_in_the_language_of_the_text(site: Site) -> None:
    said = MarkdownText.model_validate(
        {
            "en": "See [it](glossary:voice), [that](https://a.example/) and `[x](glossary:voice)`.",
            "fr": "[ici](elements:first)",
        }
    )
    made = published.record(site, site.questions["how"].model_copy(update={"overview": []})) | {}
    assert made["overview"] == []
    shown = published._value(site, said)
    root = site.settings.address
    assert shown["en"] == f"See [it]({root}glossary/#voice), [that](https://a.example/) and `[x](glossary:voice)`."
    assert shown["fr"] == f"[ici]({root}fr/elements/first/)"
    assert shown["ne"] is None


def test_only_links_outside_of_code_get_another_target() -> None:
    text = "[a [b]](cases:x) ``[c](cases:x)`` [d](cases:x)"
    assert (
        with_targets(text, lambda kind, record_id: f"/{kind}/{record_id}")
        == "[a [b]](/cases/x) ``[c](cases:x)`` [d](/cases/x)"
    )


def test_numbers_are_numbers(site: Site) -> None:
    numbers = [published._value(site, Decimal(said)) for said in ("63", "0.44", "1.20")]
    assert numbers == [63, 0.44, 1.2]
    assert type(numbers[0]) is int


def test_who_names_private_people_is_not_told(files: dict[str, bytes]) -> None:
    (hidden,) = published.LEFT_OUT
    assert any(hidden in kind.model.model_fields for kind in KINDS.values())
    assert not any(hidden in content.decode() for content in files.values())


# ------------------------------------------------------------ records


def test_every_record_has_its_id_its_addresses_and_its_day(site: Site, files: dict[str, bytes]) -> None:
    cases = held(files, "cases")
    root = site.settings.address
    assert list(cases) == list(site.cases)
    assert cases["alpha"]["urls"] == {
        code: f"{root}{folder}cases/alpha/" for code, folder in (("en", ""), ("fr", "fr/"), ("ne", "ne/"))
    }
    assert (cases["alpha"]["updated"], cases["beta"]["updated"]) == ("2026-10-01", None)
    assert list(held(files, "initiative")) == ["initiative"]


def test_safeguards_keep_their_own_id_and_claims_theirs(site: Site, files: dict[str, bytes]) -> None:
    assert list(held(files, "safeguards")) == list(site.safeguards)
    said = held(files, "claims")
    of_alpha = {one["place"]: one for one in said.values() if one["record"] == "alpha"}
    result = of_alpha["results.0"]
    assert result["id"] == site.cases["alpha"].results[0].anchor
    assert result["urls"]["fr"] == f"{site.settings.address}fr/cases/alpha/#{result['id']}"
    assert result["reported_by"] == site.cases["alpha"].results[0].reported_by
    assert result["updated"] == "2026-10-01"


def test_every_value_of_a_figure_is_a_row(files: dict[str, bytes]) -> None:
    found = [
        (r["study"], r["place"], r["who"], r["value"], r["low"], r["high"], r["reported_by"])
        for r in rows(files, "figures")
    ]
    assert found == [
        ("trial", "figures.0.values.0", "women", "0.44", "0.34", "0.59", "independent"),
        ("trial", "figures.0.values.1", "men", "0.9", "", "", "independent"),
        ("trial", "figures.1.values.0", "men", "1.2", "0.8", "2", "independent"),
        ("survey", "figures.0.values.0", "women", "41.3", "", "", "care"),
        ("survey", "figures.0.values.1", "men", "63", "", "", "care"),
    ]  # fmt: skip


def test_the_whole_holds_what_the_parts_hold(files: dict[str, bytes]) -> None:
    whole = json.loads(files["site.json"])
    assert list(whole["records"]) == list(open_data.RECORDS)
    for name, records in whole["records"].items():
        assert records == list(held(files, name).values()), name


def test_files_say_which_state_they_are(files: dict[str, bytes]) -> None:
    assert len(files) > 40
    for name in (*open_data.TABLES, open_data.WHOLE):
        said = json.loads(files[f"{name}.json"])
        assert (said["version"], said["built"], said["commit"]) == ("1.2.3", "2026-11-24", "0123456789abcdef")
        assert json.loads(files[f"schema/{name}.json"])["$id"] == said["described_by"]


def test_the_same_content_gives_the_same_bytes(site: Site, good_data: Path) -> None:
    first, again = (open_data.files(one, lambda *_: None, RELEASE) for one in (site, load_site(good_data)))
    assert first == again


def test_every_distribution_is_a_file(site: Site, files: dict[str, bytes]) -> None:
    found = open_data.distributions(site)
    root = open_data.address(site, "")
    assert {one.url.removeprefix(root) for one in found} == {p for p in files if "/" not in p} - {open_data.PACKAGE}
    assert {one.word for one in found} <= set(site.ui)
    assert all(one.media_type == open_data.MEDIA_TYPES[one.url.rpartition(".")[2]] for one in found)


# ------------------------------------------------------------ CSV


def one_column(*values: object) -> bytes:
    return tables.as_csv([tables.Column("a", "string", "", ("a",))], [{"a": value} for value in values])


def test_csv_is_what_a_spreadsheet_opens() -> None:
    said = one_column('x "y", z', "नमस्ते", None, True, -3, ["b;c", "d"])
    assert said == '\ufeffa\r\n"x ""y"", z"\r\nनमस्ते\r\n""\r\ntrue\r\n-3\r\n"b,c;d"\r\n'.encode()


@pytest.mark.parametrize("start", tables.FORMULA_STARTS)
def test_a_text_that_looks_like_a_formula_is_none(start: str) -> None:
    (_, (cell,)) = csv.reader(io.StringIO(one_column(f"{start}cmd()").decode("utf-8-sig"), newline=""))
    assert cell == f"'{start}cmd()"


def test_a_number_below_zero_stays_a_number() -> None:
    assert one_column(-0.5, -2) == b"\xef\xbb\xbfa\r\n-0.5\r\n-2\r\n"


@given(some.lists(some.text()))
def test_any_text_comes_back_out_of_csv_and_none_as_a_formula(texts: list[str]) -> None:
    _, *read = csv.reader(io.StringIO(one_column(*texts).decode("utf-8-sig"), newline=""))
    for said, row in zip(texts, read, strict=True):
        cell = row[0] if row else ""
        assert cell.removeprefix("'") == said.removeprefix("'")
        assert not cell.startswith(tables.FORMULA_STARTS)


def test_columns_follow_from_the_model(site: Site) -> None:
    names = [column.name for column in open_data.columns("testimonies")]
    assert names[:8] == ["id", "kind", "url_en", "url_fr", "url_ne", "updated", "status_fr", "status_ne"]
    assert {"quote_en", "quote_fr", "quote_ne", "original", "case", "elements", "sources"} <= set(names)
    by_name = {column.name: column for column in open_data.columns("elements")}
    assert by_name["order"].type == "integer"
    assert by_name["card_purpose_en"].constraints == {}  # an element may have no card
    assert by_name["name_en"].constraints == {"required": True}
    assert "lessons" not in by_name  # told claim by claim in another table
    assert {column.refers for column in open_data.columns("testimonies")} == {None, "cases"}


# ------------------------------------------------------------ dictionary


def test_every_field_and_column_is_explained() -> None:
    described = [
        data_dictionary.every_record(),
        *data_dictionary.of_tables(),
        *data_dictionary.of_parts(),
        data_dictionary.of_files(),
    ]
    assert len(described) > 30
    for one in described:
        for field in one.fields:
            assert field.meaning, (one.name, field.name)
            assert field.holds or field.part, (one.name, field.name)
    first = {column for field in data_dictionary.every_record().fields for column in field.columns}
    for table in data_dictionary.of_tables():
        own = {column for field in table.fields for column in field.columns}
        assert first | own == {column.name for column in open_data.columns(table.name)}
    parts = {one.name for one in data_dictionary.of_parts()}
    assert {field.part for one in described for field in one.fields} - {""} == parts
