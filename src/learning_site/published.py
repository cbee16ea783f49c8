"""How a record looks as open data, and the JSON Schema of that: both follow from the model.

A text stands there with all its languages and with how each translation stands to the English; its links to records are
addresses. No input or output happens here.
"""

import functools
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, WithJsonSchema

from learning_site import pages
from learning_site.model import (
    ID_PATTERN,
    LANGUAGES,
    MAIN_LANGUAGE,
    WEB_PATTERN,
    Claim,
    LanguageCode,
    Localized,
    MarkdownText,
    PlainText,
    Record,
    Site,
    Testimony,
)
from learning_site.staff_markdown import with_targets

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TRANSLATIONS = [code for code in LANGUAGES if code != MAIN_LANGUAGE]
LEFT_OUT = frozenset({"names_private_people"})  # would lead to people who are not public figures
BY_HAND = frozenset({"default", "readOnly", "title"})  # of a schema: what only helps those who fill records in

Status = Literal["missing", "stale", "unmarked", "fresh", "reviewed", "original", "neutral"]
STATUSES: tuple[Status, ...] = get_args(Status)  # from what says least to what says most
STATUS_MEANINGS: dict[Status, str] = {
    "missing": "not translated",
    "stale": "translated from an English that has changed since",
    "unmarked": "translated; nobody recorded from which English",
    "fresh": "translated from the English as it is; not checked by a native speaker",
    "reviewed": "translated and checked by a native speaker",
    "original": "no translation: it was said or published in this language",
    "neutral": "the same in every language",
}
TEXTS: dict[type[Localized], str] = {
    PlainText: "One line without markup, in each language.",
    MarkdownText: "One short paragraph in each language, in Markdown: emphasis, code, and links to whole addresses.",
}


Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]


class Urls(Record):
    """An address on the site for each language."""

    en: str | None = Field(description="The English page.")
    fr: str | None = Field(description="The French page.")
    ne: str | None = Field(description="The Nepali page.")


class Standings(Record):
    """For each language but the first, how its translations stand to the English: the one that is least finished."""

    fr: Status = Field(description="How the French stands to the English: the least finished of its texts.")
    ne: Status = Field(description="How the Nepali stands to the English: the least finished of its texts.")


class Head(Record):
    """What is known of every record."""

    id: str = Field(description="Its id, and its anchor if its address has one. No other record ever gets it.")
    kind: str = Field(description="The kind of record.")
    urls: Urls = Field(description="Where it is shown on the site, in each language.")
    updated: Day | None = Field(description="The day on which it last changed, null where that is not known.")
    status: Standings = Field(description="How its translations stand to the English, in each language.")


# ---------------------------------------------------------------- records


def status(text: Localized, language: LanguageCode) -> Status:
    """How a text stands in a language that is not the main one."""
    if text.neutral:
        return "neutral"
    standing = text.standing(language)
    if standing == "main":
        return "original"
    return "reviewed" if text.is_reviewed(language) else standing


def least_translated(made: dict[str, Any]) -> dict[str, Status]:
    """How the least translated text of a published record stands in each language that is a translation."""
    texts = list(_texts_in(made))
    return {
        code: min((text["status"][code] for text in texts), key=STATUSES.index, default="neutral")
        for code in TRANSLATIONS
    }


def _texts_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and "status" in value:
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(inner)


def urls(site: Site, location: str) -> dict[str, str | None]:
    """The whole addresses of a place below the site's root, null for a language that the site does not have."""
    spoken = {language.code for language in site.languages}
    return {code: pages.published(site, code, location) if code in spoken else None for code in LANGUAGES}


def record(site: Site, value: Record) -> dict[str, Any]:
    """A record as JSON values, without id and address."""
    made = {name: _value(site, getattr(value, name)) for name in type(value).model_fields if name not in LEFT_OUT}
    if isinstance(value, Claim):
        made["id"] = value.anchor
    if isinstance(value, Testimony) and value.original != MAIN_LANGUAGE:
        made["quote"]["status"][value.original] = "original"
    return made


def _value(site: Site, value: Any) -> Any:
    if isinstance(value, Localized):
        return _text(site, value)
    if isinstance(value, Record):
        return record(site, value)
    if isinstance(value, list):
        return [_value(site, inner) for inner in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


def _text(site: Site, text: Localized) -> dict[str, Any]:
    made: dict[str, Any] = {code: text.written_in(code) for code in LANGUAGES}
    if isinstance(text, MarkdownText):
        for code in LANGUAGES:
            if made[code] is not None:
                made[code] = with_targets(made[code], functools.partial(_address, site, code))
    made["status"] = {code: status(text, code) for code in TRANSLATIONS}
    return made


def _address(site: Site, language: LanguageCode, kind: str, record_id: str) -> str:
    return pages.published(site, language, pages.location(kind, record_id))


# ---------------------------------------------------------------- their schemas


def schema(*models: type[Record], without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The JSON Schema of what `record` makes of these models, all their fields in one object; parts in `$defs`.

    Of two fields with one name the first counts.

    A field that holds the id of a record says so as `refers`, which `portable` takes away.
    """
    made = [model.model_json_schema(mode="serialization") for model in models]
    parts: dict[str, Any] = {}
    for one in made:
        parts |= one.pop("$defs", {})
    texts = {model.__name__: _text_schema(model) for model in TEXTS}
    definitions = {name: texts.get(name) or _object(part) for name, part in parts.items()}
    properties = {name: field for one in reversed(made) for name, field in one["properties"].items()}
    ordered = {name: properties[name] for one in made for name in one["properties"] if name not in without}
    whole = _object({**made[-1], "properties": ordered})
    return {**whole, "$defs": {name: definitions[name] for name in _used(whole, definitions)}}


def _object(part: dict[str, Any]) -> dict[str, Any]:
    """An object of which every field is there, if only as null or as an empty list."""
    fields = {name: _field(field) for name, field in part["properties"].items() if name not in LEFT_OUT}
    return closed({"title": part["title"], "description": part["description"]}, fields)


def _field(field: dict[str, Any]) -> dict[str, Any]:
    made = {key: value for key, value in field.items() if key not in BY_HAND}
    if made.get("pattern") == WEB_PATTERN:  # whose signs not every engine of regular expressions knows
        made = {**made, "format": "uri"}
        del made["pattern"]
    if "refers" in made:
        made |= {"type": "string", "pattern": ID_PATTERN}
    if "items" in made:
        made["items"] = _field(made["items"])
    if "anyOf" in made:
        made["anyOf"] = [_field(choice) for choice in made["anyOf"]]
    return made


def _text_schema(model: type[Localized]) -> dict[str, Any]:
    maybe = {"type": ["string", "null"], "description": "The translation, null where there is none."}
    standing = {
        "type": "string",
        "enum": list(STATUSES),
        "description": "; ".join(f"{name}: {meaning}" for name, meaning in STATUS_MEANINGS.items()),
    }
    return closed(
        {"title": model.__name__, "description": TEXTS[model]},
        {
            MAIN_LANGUAGE: {"type": "string", "description": "The text in the language that the site is written in."},
            **dict.fromkeys(TRANSLATIONS, maybe),
            "status": closed(
                {"description": "How each translation stands to the English."}, dict.fromkeys(TRANSLATIONS, standing)
            ),
        },
    )


def closed(said: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object in which each of these properties is there, and no other."""
    more = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {**said, **more}


def _used(whole: dict[str, Any], definitions: dict[str, Any]) -> Iterable[str]:
    """The names of the parts that a schema refers to, and those that they refer to, each once."""
    found: dict[str, None] = {}
    waiting: list[Any] = [whole]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            name = part_name(node)
            if name and name not in found:
                found[name] = None
                waiting.append(definitions[name])
            waiting += node.values()
    return found


def part_name(field: dict[str, Any]) -> str:
    """The name of the part that a field of a schema refers to, empty if it refers to none."""
    return str(field.get("$ref", "")).rpartition("/")[2]


def portable(value: Any) -> Any:
    """A schema as others can read it: which kind of record an id belongs to is a comment in it."""
    if isinstance(value, list):
        return [portable(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    made = {key: portable(inner) for key, inner in value.items() if key != "refers"}
    return {**made, "$comment": f"the id of a record in {value['refers']}.json"} if "refers" in value else made
