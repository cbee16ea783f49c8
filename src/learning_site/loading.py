"""From the files of data/ to a Site, or to every problem of every file at once."""

import functools
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from learning_site.checks import Content, Finding, findings
from learning_site.messages import FIELD_WORDINGS, Problem, Wording, listed, nearest
from learning_site.model import ID_PATTERN, KINDS, MAIN_LANGUAGE, Kind, Place, Record, Site
from learning_site.yaml_source import Document, Mark, read_yaml

Files = tuple[tuple[str, bytes], ...]


class ContentError(Exception):
    """The content has problems; its text is all of them, as staff see them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Loaded:
    """What came of reading a data folder: a site, or problems; and the files, by their names below the folder."""

    site: Site | None
    problems: list[Problem]
    documents: dict[str, Document] = field(default_factory=dict)


def data_folder(project: Path) -> Path:
    """Where the content is: data/ of the project, or the folder that LEARNING_SITE_DATA names."""
    return Path(os.environ.get("LEARNING_SITE_DATA") or project / "data")


def load_site(folder: Path) -> Site:
    """The site in a data folder; raises ContentError with every problem if there is any."""
    loaded = load(folder)
    if loaded.site is None:
        raise ContentError(loaded.problems)
    return loaded.site


def load(folder: Path, instead: Mapping[str, bytes | None] | None = None) -> Loaded:
    """Read a data folder. The same files are not read twice in one process.

    `instead` is what files hold in place of what is on the disk, by their names below the folder; None for no file.
    """
    shown = _shown(folder)
    if not folder.is_dir():
        return Loaded(None, [Problem(shown, 1, 1, "missing-file", "there is no such folder")])
    files: dict[str, bytes | None] = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and inside.parts[0] != "schema" and not any(part.startswith(".") for part in inside.parts):
            try:
                files[inside.as_posix()] = _content(path, f"{shown}/{inside.as_posix()}")
            except ContentError as error:
                return Loaded(None, error.problems)
    files.update(instead or {})
    return _load(shown, tuple((name, data) for name, data in sorted(files.items()) if data is not None))


def load_alone(folder: Path, kind: Kind) -> tuple[dict[str, Any], list[Problem]]:
    """The records of a kind with one file, as far as they can be read, and what is wrong with this file alone."""
    shown = _shown(folder)
    path = folder / kind.place
    try:
        files = {kind.place: _content(path, f"{shown}/{kind.place}")} if path.is_file() else {}
    except ContentError as error:
        return {}, error.problems
    loading = _Loading(shown, files)
    loading.read_kind(kind)
    return loading.records[kind.name], loading.problems


def _content(path: Path, shown: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        what = f"this file cannot be opened: {error.strerror}"
        raise ContentError([Problem(shown, 1, 1, "missing-file", what)]) from None


def _shown(folder: Path) -> str:
    """The folder as messages name it: from here if it is below here."""
    absolute = folder.resolve()
    here = Path.cwd()
    return absolute.relative_to(here).as_posix() if absolute.is_relative_to(here) else absolute.as_posix()


@functools.lru_cache(maxsize=2)
def _load(folder: str, files: Files) -> Loaded:
    return _Loading(folder, dict(files)).loaded()


_document = functools.lru_cache(maxsize=256)(read_yaml)  # an edit changes one file of many


class _Loading:
    """One reading of a data folder."""

    def __init__(self, folder: str, files: dict[str, bytes]) -> None:
        self.folder = folder
        self.files = files
        self.problems: list[Problem] = []
        self.records: dict[str, dict[str, Record]] = {}
        self.ids: dict[str, set[str] | None] = {}
        self.documents: dict[str, Document] = {}

    def loaded(self) -> Loaded:
        for kind in KINDS.values():
            self.read_kind(kind)
        for name in self.files:
            self._misplaced_file(name)
        content = Content(self.records, self.ids, complete=not self.problems)
        self.problems += [self._problem_of(rule, found) for rule, found in findings(content)]
        if self.problems:
            return Loaded(None, sorted(set(self.problems)), self.documents)
        return Loaded(_site(self.records), [], self.documents)

    def read_kind(self, kind: Kind) -> None:
        self.records[kind.name] = {}
        ids = self.ids[kind.name] = set()
        if kind.form == "a file each":
            for name in [n for n in self.files if re.fullmatch(rf"{kind.place}/[^/]+\.yml", n)]:
                self._read_file_each(kind, name, ids)
        elif kind.place in self.files:
            self._read_file(kind, ids)
        else:
            self._misplaced(kind.place, Wording("missing-file", "this file is missing"))
            self.ids[kind.name] = None

    def _read(self, name: str) -> Document:
        document = _document(self.files[name], f"{self.folder}/{name}")
        self.documents[name] = document
        self.problems += document.problems
        return document

    def _read_file_each(self, kind: Kind, name: str, ids: set[str]) -> None:
        record_id = Path(name).stem
        ids.add(record_id)
        if not re.match(ID_PATTERN, record_id):
            right = re.sub(r"[^a-z0-9]+", "-", record_id.lower()).strip("-")
            wording = Wording(
                "bad-id", f"the file name `{record_id}` cannot be an id", FIELD_WORDINGS[ID_PATTERN].allowed
            )
            self._misplaced(name, wording, paste=f"{right}.yml" if right else None)
        document = self._read(name)
        if document.value is not None:
            self._validate(kind, document, record_id, document.value, ())

    def _read_file(self, kind: Kind, ids: set[str]) -> None:
        document = self._read(kind.place)
        if document.value is None:
            self.ids[kind.name] = None
        elif kind.form == "one record":
            self._validate(kind, document, "", document.value, ())
        elif not isinstance(document.value, dict):
            wording = Wording(
                "needs-keys", "this file needs ids with a record below each", "an-id: and below it its keys"
            )
            self.problems.append(document.problem(document.mark(()), wording, wording.allowed))
            self.ids[kind.name] = None
        else:
            for record_id, value in document.value.items():
                ids.add(record_id)
                if not re.match(kind.id_pattern, record_id):
                    wording = FIELD_WORDINGS[ID_PATTERN]
                    filled = Wording(wording.rule, wording.what.format(value=record_id), wording.allowed)
                    self.problems.append(
                        document.problem(document.mark((record_id,), of_key=True), filled, filled.allowed)
                    )
                self._validate(kind, document, record_id, value, (record_id,))

    def _validate(self, kind: Kind, document: Document, record_id: str, value: Any, prefix: Place) -> None:
        try:
            self.records[kind.name][record_id] = kind.model.model_validate(value)
        except ValidationError as error:
            self.problems += [
                _field_problem(kind, document, prefix, found) for found in error.errors(include_url=False)
            ]

    def _problem_of(self, rule: str, found: Finding) -> Problem:
        kind = KINDS[found.kind]
        document = self.documents[kind.file(found.record_id)]
        prefix: Place = (found.record_id,) if kind.form == "a mapping of ids" else ()
        mark = document.mark((*prefix, *found.place), of_key=found.of_key)
        line = document.line(mark.line)
        wrong, right = found.instead or ("", "")
        if wrong and wrong not in line and (number := document.find(wrong, mark.line)):
            line = document.line(number)
            mark = Mark(number, line.index(wrong) + 1)
        paste = line.replace(wrong, right, 1).strip() if right and wrong in line else None
        return document.problem(mark, Wording(rule, found.what), found.allowed, found.nearest, paste)

    def _misplaced_file(self, name: str) -> None:
        if name in self.documents or name.split("/")[-1] == "README.md":
            return
        expected = [k.place if k.form != "a file each" else f"{k.place}/….yml" for k in KINDS.values()]
        right = nearest(name, expected)
        if "/" in name and name.split("/")[0] in KINDS and name.endswith(".yaml"):
            right = name.removesuffix(".yaml") + ".yml"
        wording = Wording("unknown-file", "this file is not one that the site reads", listed(expected, 20))
        self._misplaced(name, wording, right=right)

    def _misplaced(self, name: str, wording: Wording, right: str | None = None, paste: str | None = None) -> None:
        file = f"{self.folder}/{name}"
        self.problems.append(Problem(file, 1, 1, wording.rule, wording.what, "", wording.allowed, right, paste))


def _field_problem(kind: Kind, document: Document, prefix: Place, found: Any) -> Problem:
    """What Pydantic found in a record, in staff words and with its place in the file."""
    error, loc = found["type"], tuple(found["loc"])
    wording = FIELD_WORDINGS.get(found["ctx"]["pattern"] if error == "string_pattern_mismatch" else error)
    if wording is None:
        wording = Wording("bad-value", found["msg"].replace("{", "{{").replace("}", "}}") + " (`{key}`)")
    if error == "text_keys":
        loc = (*loc, found["ctx"]["key"])
    missing, unknown = error == "missing", error in ("extra_forbidden", "text_keys")
    if loc[-1:] == (MAIN_LANGUAGE,) and (*prefix, *loc) not in document.values and not missing:
        loc = loc[:-1]  # a plain text, which is no mapping in the file
    model = _model_at(kind.model, loc if error.endswith("_type") else loc[:-1])
    fields = {name: info for name, info in model.model_fields.items() if name != "neutral"} if model else {}
    key = next((str(part) for part in reversed(loc) if isinstance(part, str)), kind.name)
    value = found["input"] if isinstance(found["input"], str) else key
    choices = list(fields) if unknown else _choices(found)
    wrong = key if unknown else value
    mark = document.mark((*prefix, *(loc[:-1] if missing else loc)), of_key=unknown)
    line = document.line(mark.line)
    right = nearest(wrong, choices)
    paste = line.replace(wrong, right, 1).strip() if right and wrong in line else None
    if missing:
        paste = f"{key}: …"
    elif error == "list_type" and isinstance(found["input"], str):
        paste = f"{key}: [{value}]"
    help_text = fields[key].description if missing and key in fields else None
    said = {"key": key, "value": _short(value), "keys": listed(fields, 20), "choices": listed(choices)}
    allowed = wording.allowed.format(**said, help=help_text or "a value") if wording.allowed else None
    return document.problem(mark, Wording(wording.rule, wording.what.format(**said)), allowed, right, paste)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _choices(found: Any) -> list[str]:
    if found["type"] != "literal_error":
        return []
    return re.findall(r"'([^']*)'", found["ctx"]["expected"])


def _model_at(model: Any, loc: Place) -> type[Record] | None:
    """The model that a place in a record belongs to, None where there is no such place."""
    for part in loc:
        if isinstance(part, str):
            info = getattr(model, "model_fields", {}).get(part)
            model = _record_in(info.annotation) if info else None
    return model  # type: ignore[no-any-return]


def _record_in(annotation: Any) -> Any:
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, Record) else None
    for inner in getattr(annotation, "__args__", ()):
        if (found := _record_in(inner)) is not None:
            return found
    return None


def _site(records: dict[str, dict[str, Any]]) -> Site:
    """The records in reading order: elements by number, cases by name, the rest as they stand."""
    order = {
        "elements": lambda pair: pair[1].order,
        "cases": lambda pair: pair[1].name.written_in(MAIN_LANGUAGE),
    }
    kinds: dict[str, Any] = {
        name: dict(sorted(found.items(), key=order[name])) if name in order else found
        for name, found in records.items()
    }
    single: dict[str, Any] = {name: kinds.pop(name)[""] for name, kind in KINDS.items() if kind.form == "one record"}
    return Site(settings=single.pop("site"), **single, **kinds)
