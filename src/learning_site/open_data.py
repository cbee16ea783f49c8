"""The content as open data: JSON and CSV for each kind of record and for all claims and figures, with their schemas.

All of it follows from a Site. Nothing is written here and no clock is read, so the same content gives the same bytes.
Sources: JSON Schema 2020-12; Data Package 2.0 (https://datapackage.org/).
"""

import functools
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib import metadata
from pathlib import PurePosixPath
from typing import Any

from pydantic import Field

from learning_site import claims, pages, published, tables
from learning_site.model import (
    KINDS,
    Figure,
    LanguageCode,
    PlacedBy,
    PlainText,
    Record,
    ReportedBy,
    Site,
    Statement,
    StudyId,
    Value,
    WebAddress,
    WholeNumber,
)

FOLDER = "data"  # below the root of the site, beside the page about it
WHOLE, CLAIMS, FIGURES = "site", "claims", "figures"
PACKAGE = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RECORDS = {
    kind.replace("_", "-"): kind
    for kind in (
        "initiative",
        "elements",
        "cases",
        "questions",
        "testimonies",
        "evidence",
        "tools",
        "safeguards",
        "glossary",
        "agreed_words",
        "sources",
    )
}  # the kinds that are published, by the name of their files
TABLES = (*RECORDS, CLAIMS, FIGURES)
KEYS = {CLAIMS: ["kind", "record", "place"], FIGURES: ["study", "place"]}  # what says which row it is; else its id
MEDIA_TYPES = {"csv": "text/csv", "json": "application/json"}
VERSION = metadata.version("learning-site")

Changed = Callable[[str, str], date | None]
"""The day on which a record last changed, by its kind and id; None where that is not known."""


@dataclass(frozen=True)
class Release:
    """Which state of the content it is: the day of the build, and the commit where it is known."""

    built: date
    commit: str | None
    version: str = VERSION


@dataclass(frozen=True)
class Distribution:
    """A file to fetch: what it holds as a word of the site, its whole address, its media type."""

    word: str
    url: str
    media_type: str


# ---------------------------------------------------------------- what stands in a file beside the records themselves


PLACE = "Where in the record: names of fields, and places in lists, counted from 0."


class InRecord(Record):
    """A claim in a text, wherever it stands. Safeguards, tools, terms and testimonies have files of their own."""

    record: str = Field(description="The id of the record that it stands in.")
    place: str = Field(description=PLACE)


class Says(Record):
    """Who says so."""

    placed_by: PlacedBy | None
    reported_by: ReportedBy | None


class OfStudy(Record):
    """A number that a study found, for those who were asked."""

    study: StudyId = Field(description="The study that found it.")
    place: str = Field(description=PLACE)
    reported_by: list[ReportedBy] = Field(
        description="Who reports the findings of the study: `care` if CARE reports its own work, `independent` if "
        "others measured it."
    )


class About(Record):
    """What a file is and which state of it."""

    title: str = Field(description="What the file holds.")
    description: str = Field(description="What a record of it is.")
    home: WebAddress = Field(description="The site that it comes from.")
    licence: str = Field(description="The licence of the site's own words. Quotations belong to their sources.")
    licence_url: WebAddress = Field(description="Where the text of the licence stands.")
    version: str = Field(description="The version of the project that made it.")
    built: published.Day = Field(description="The day on which it was made.")
    commit: str | None = Field(description="The state of the content in git, null where it is not known.")
    described_by: WebAddress = Field(description="The JSON Schema of this file.")


class Spoken(Record):
    """A language of the site."""

    code: LanguageCode = Field(description="Its code, as in the names of fields and columns.")
    name: str = Field(description="Its name in the language itself.")
    percent_translated: WholeNumber = Field(description="How much of the content is translated into it.")


class TheSite(Record):
    """The site that the records come from."""

    name: PlainText = Field(description="Its name.")
    languages: list[Spoken] = Field(description="Its languages, the main one first.")


# ---------------------------------------------------------------- tables


@dataclass(frozen=True)
class Table:
    """Records that stand in one file: its name, and the records as `schema` describes them."""

    name: str
    records: list[dict[str, Any]]


@functools.cache
def schema(name: str) -> dict[str, Any]:
    """The schema of the records of a table, with what `published.portable` takes away."""
    if name == CLAIMS:
        return published.schema(published.Head, InRecord, Statement, Says)
    if name == FIGURES:
        return published.schema(published.Head, OfStudy, Figure, Value, without=("values",))
    return published.schema(published.Head, KINDS[RECORDS[name]].model)


@functools.cache
def columns(name: str) -> list[tables.Column]:
    """The columns of a table."""
    return tables.columns(schema(name))


def meaning(name: str) -> str:
    """What a record of a table is."""
    models = {CLAIMS: InRecord, FIGURES: OfStudy}
    return (models.get(name) or KINDS[RECORDS[name]].model).__doc__ or ""


def every_table(site: Site, changed: Changed) -> Iterator[Table]:
    """All tables of a site, in the order of TABLES."""
    head = functools.partial(_row, site, changed)
    for name, kind in RECORDS.items():
        yield Table(
            name,
            [
                head(
                    kind, record_id, record_id or kind, pages.location(kind, record_id), published.record(site, record)
                )
                for record_id, record in site.kind(kind).items()
            ],
        )
    placed = [claim for claim in claims.all_of(site) if claim.kind in RECORDS.values()]
    yield Table(CLAIMS, [_claim(site, head, one) for one in placed if isinstance(one.claim, Statement)])
    yield Table(FIGURES, [row for one in placed if isinstance(one.claim, Figure) for row in _figure(site, head, one)])


def _row(
    site: Site, changed: Changed, kind: str, record_id: str, row_id: str, location: str, *parts: dict[str, Any]
) -> dict[str, Any]:
    """What is known of every row, and then what it holds; the id of a row is never that of a part."""
    day = changed(kind, record_id)
    held = {name: value for part in parts for name, value in part.items()}
    known = {
        "id": row_id,
        "kind": kind,
        "urls": published.urls(site, location),
        "updated": day.isoformat() if day else None,
        "status": published.least_translated(held),
    }
    return {**known, **held, "id": row_id}


def _claim(site: Site, head: Callable[..., dict[str, Any]], placed: claims.Placed) -> dict[str, Any]:
    said = published.record(site, placed.claim)
    return head(
        placed.kind,
        placed.record_id,
        placed.anchor,
        placed.location,
        {"record": placed.record_id or placed.kind, "place": _place(*placed.place)},
        {name: said[name] for name in Statement.model_fields},
        {name: said.get(name) for name in Says.model_fields},
    )


def _figure(site: Site, head: Callable[..., dict[str, Any]], placed: claims.Placed) -> Iterator[dict[str, Any]]:
    """A row for each value of a figure."""
    reporters = site.evidence[placed.record_id].reporters
    said = published.record(site, placed.claim)
    for index, value in enumerate(said.pop("values")):
        place = _place(*placed.place, "values", index)
        of_study = {"study": placed.record_id, "place": place, "reported_by": reporters}
        yield head(placed.kind, placed.record_id, placed.anchor, placed.location, of_study, said, value)


def _place(*steps: str | int) -> str:
    return ".".join(map(str, steps))


# ---------------------------------------------------------------- files


def distributions(site: Site) -> list[Distribution]:
    """Every file of data to fetch, the whole first."""
    names = [(WHOLE, "json"), *((name, form) for name in TABLES for form in MEDIA_TYPES)]
    return [Distribution(word(name), address(site, f"{name}.{form}"), MEDIA_TYPES[form]) for name, form in names]


def address(site: Site, path: str) -> str:
    """The whole address of a file by its path below the folder of data."""
    return f"{site.settings.address}{FOLDER}/{path}"


def files(site: Site, changed: Changed, release: Release) -> dict[str, bytes]:
    """Every file by its path below the folder of data."""
    every = list(every_table(site, changed))
    made = {f"schema/{name}.json": _json(_file_schema(site, name)) for name in (*TABLES, WHOLE)}
    for table in every:
        made[f"{table.name}.csv"] = tables.as_csv(columns(table.name), table.records)
        made[f"{table.name}.json"] = _json({**_about(site, release, table.name), "records": table.records})
    made[f"{WHOLE}.json"] = _json(_whole(site, release, every))
    return {PACKAGE: _json(_package(site, release, made)), **made}


def _json(value: dict[str, Any]) -> bytes:
    """A JSON object with a line for each key, and for each entry of a list: short to read, fast to write."""
    lines = [f" {json.dumps(key)}: {_entries(inner)}" for key, inner in value.items()]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _entries(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"  {json.dumps(entry, ensure_ascii=False)}" for entry in value) + "\n ]"
    return json.dumps(value, ensure_ascii=False)


def _about(site: Site, release: Release, name: str) -> dict[str, Any]:
    licence = site.settings.licence
    return {
        "title": title(site, word(name)),
        "description": TheSite.__doc__ if name == WHOLE else meaning(name),
        "home": site.settings.address,
        "licence": licence.name.en,
        "licence_url": licence.url,
        "version": release.version,
        "built": release.built.isoformat(),
        "commit": release.commit,
        "described_by": address(site, f"schema/{name}.json"),
    }


def title(site: Site, word_id: str) -> str:
    """What is published of the site, in the main language."""
    return f"{site.settings.name.en}: {site.ui[word_id].en}"


def word(name: str) -> str:
    """The word of the site for what a file holds."""
    return {WHOLE: "data_whole", FIGURES: "figures_named", CLAIMS: "claims_named"}.get(name) or RECORDS[name]


def _whole(site: Site, release: Release, every: list[Table]) -> dict[str, Any]:
    """All records in one file; claims and figures stand in their records."""
    spoken = [
        {"code": one.code, "name": one.name, "percent_translated": site.share_translated(one.code)}
        for one in site.languages
    ]
    named = published.record(site, site.settings)["name"]
    records = {table.name: table.records for table in every if table.name in RECORDS}
    return {**_about(site, release, WHOLE), "name": named, "languages": spoken, "records": records}


def _file_schema(site: Site, name: str) -> dict[str, Any]:
    """The schema of a file: what it says of itself, and its records."""
    about = published.schema(About, TheSite) if name == WHOLE else published.schema(About)
    parts = about.pop("$defs")
    if name == WHOLE:
        each = {of: _list_of({"$ref": f"{of}.json#/$defs/record"}) for of in RECORDS}
        records: dict[str, Any] = published.closed({"description": "All records, by kind."}, each)
    else:
        one = schema(name)
        parts |= {**one["$defs"], "record": {key: part for key, part in one.items() if key != "$defs"}}
        records = _list_of({"$ref": "#/$defs/record"})
    made: dict[str, Any] = published.portable(
        {
            "$schema": published.DIALECT,
            "$id": address(site, f"schema/{name}.json"),
            **published.closed({"title": title(site, word(name))}, {**about["properties"], "records": records}),
            "$defs": parts,
        }
    )
    return made


def _list_of(record: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": record}


def _package(site: Site, release: Release, made: dict[str, bytes]) -> dict[str, Any]:
    """The Data Package that says what the files are."""
    settings = site.settings
    return {
        "$schema": PROFILE,
        "name": PurePosixPath(PACKAGE).stem,
        "title": title(site, "open_data"),
        "description": settings.description.en,
        "homepage": address(site, ""),
        "version": release.version,
        "created": f"{release.built.isoformat()}T00:00:00Z",
        "licenses": [{"title": settings.licence.name.en, "path": settings.licence.url}],
        "sources": [{"title": source.title, "path": source.url} for source in site.sources.values()],
        "resources": [
            *(_resource(site, name, "csv", made) for name in TABLES),
            *(_resource(site, name, "json", made) for name in (WHOLE, *TABLES)),
        ],
    }


def _resource(site: Site, name: str, form: str, made: dict[str, bytes]) -> dict[str, Any]:
    path = f"{name}.{form}"
    tabular = form == "csv"
    return {
        "name": name if tabular else f"{name}-{form}",
        "type": "table" if tabular else form,
        "title": title(site, word(name)),
        "path": path,
        "format": form,
        "mediatype": MEDIA_TYPES[form],
        "encoding": "utf-8",
        "bytes": len(made[path]),
        "hash": f"sha256:{hashlib.sha256(made[path]).hexdigest()}",
        **({"schema": tables.table_schema(columns(name), KEYS.get(name, ["id"]), RECORDS)} if tabular else {}),
    }
