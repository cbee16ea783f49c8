"""From the files of data/ to a Site, or to every problem of every file at once."""

import functools
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from learning_site import slips
from learning_site.checks import LEFT_TO_DO, Content, Finding, findings
from learning_site.messages import FIELD_WORDINGS, Problem, Wording, listed, nearest
from learning_site.model import (
    DAY_PATTERN,
    ID_PATTERN,
    KINDS,
    LANGUAGES,
    MAIN_LANGUAGE,
    MARK_PATTERN,
    NUMBER_PATTERN,
    WORD_ID_PATTERN,
    Kind,
    Marks,
    Place,
    Record,
    Refers,
    Site,
    Translated,
    is_written_by_commands,
    marks_of,
)
from learning_site.yaml_source import Document, Mark, read_yaml

Files = tuple[tuple[str, bytes], ...]


class ContentError(Exception):
    """The content has problems; its text is all of them, as staff see them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Loaded:
    """What came of reading a data folder: a site, or problems; and the files, by their names below the folder.

    `draft` is the site also while something is left to do, such as to cite a new source: to be worked on, not built.
    """

    site: Site | None
    problems: list[Problem]
    documents: dict[str, Document] = field(default_factory=dict)
    draft: Site | None = None


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
    if not files:
        loading.say_missing(kind)
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


_documents: dict[str, tuple[bytes, Document]] = {}  # an edit changes one file of many


def _document(data: bytes, file: str) -> Document:
    """A file as it is now, read again only if it has changed."""
    before, document = _documents.get(file, (None, None))
    if document is None or before != data:
        document = read_yaml(data, file)
        _documents[file] = data, document
    return document


_records: dict[tuple[str, str], tuple[Any, Record]] = {}


def _record(kind: Kind, file: str, record_id: str, value: Any) -> Record:
    """A record as it is now; the very one as before unless it has changed, so that what was found in it is still known.

    Raises Pydantic's ValidationError.
    """
    before, record = _records.get((file, record_id), (None, None))
    if record is None or before != value:
        record = kind.model.model_validate(value)
        _records[file, record_id] = value, record
    return record


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
        meant = [self._misplaced_file(n) for n in self.files if n not in self.documents and Path(n).name != "README.md"]
        for kind in KINDS.values():
            if kind.form != "a file each" and kind.place not in {*self.files, *meant}:
                self.say_missing(kind)
        content = Content(self.records, self.ids, complete=not self.problems)
        self.problems += [self._problem_of(rule, found) for rule, found in findings(content)]
        fit = all(problem.rule in LEFT_TO_DO for problem in self.problems)
        draft = _site(self.records) if fit else None
        return Loaded(None if self.problems else draft, sorted(set(self.problems)), self.documents, draft)

    def read_kind(self, kind: Kind) -> None:
        self.records[kind.name] = {}
        ids = self.ids[kind.name] = set()
        if kind.form == "a file each":
            for name in [n for n in self.files if re.fullmatch(rf"{kind.place}/[^/]+\.yml", n)]:
                self._read_file_each(kind, name, ids)
        elif kind.place in self.files:
            self._read_file(kind, ids)
        else:
            self.ids[kind.name] = None

    def say_missing(self, kind: Kind) -> None:
        wording = Wording("missing-file", "this file is missing", "take it back from an earlier version")
        self._misplaced(kind.place, wording)

    def _read(self, name: str) -> Document:
        document = _document(self.files[name], f"{self.folder}/{name}")
        self.documents[name] = document
        self.problems += document.problems
        return document

    def _read_file_each(self, kind: Kind, name: str, ids: set[str]) -> None:
        record_id = Path(name).stem
        ids.add(record_id)
        if not re.match(ID_PATTERN, record_id):
            right = slips.id_meant(record_id)
            wording = Wording(
                "bad-id", f"the file name `{record_id}` cannot be an id", FIELD_WORDINGS[ID_PATTERN].allowed
            )
            self._misplaced(name, wording, paste=f"{right}.yml" if right else None)
        document = self._read(name)
        if document.value is not None:
            self._validate(kind, document, record_id, document.value, ())
        if not re.match(ID_PATTERN, record_id):
            self.records[kind.name].pop(record_id, None)  # a copy of another file, often

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
                    mark = document.mark((record_id,), of_key=True)
                    right = slips.id_meant(record_id, "_" if kind.id_pattern == WORD_ID_PATTERN else "-")
                    paste = _replaced(document, mark, record_id, right) if right else None
                    self.problems.append(document.problem(mark, filled, filled.allowed, right, paste))
                self._validate(kind, document, record_id, value, (record_id,))

    def _validate(self, kind: Kind, document: Document, record_id: str, value: Any, prefix: Place) -> None:
        try:
            self.records[kind.name][record_id] = _record(kind, document.file, record_id, value)
        except ValidationError as error:
            found = _without_followers(kind, error.errors(include_url=False))
            self.problems += [_field_problem(kind, document, prefix, one) for one in found]

    def _problem_of(self, rule: str, found: Finding) -> Problem:
        kind = KINDS[found.kind]
        document = self.documents[kind.file(found.record_id)]
        prefix: Place = (found.record_id,) if kind.form == "a mapping of ids" else ()
        mark = document.mark((*prefix, *found.place), of_key=found.of_key)
        wrong, right = found.instead or ("", "")
        line = document.line(mark.line)
        if wrong and wrong in line[mark.column - 1 :]:
            mark = Mark(mark.line, line.index(wrong, mark.column - 1) + 1)
        elif wrong and (number := document.find(wrong, mark.line)):
            mark = Mark(number, document.line(number).index(wrong) + 1)
        paste = _replaced(document, mark, wrong, right) if right else None
        return document.problem(mark, Wording(rule, found.what), found.allowed, found.nearest, paste)

    def _misplaced_file(self, name: str) -> str | None:
        """Say that a file is not read; the file that was meant, if that is clear."""
        folders = [kind.place for kind in KINDS.values() if kind.form == "a file each"]
        files = [kind.place for kind in KINDS.values() if kind.form != "a file each"]
        folder, _, last = name.rpartition("/")
        if near := nearest(folder.split("/")[0], folders):
            right: str | None = f"{near}/{slips.id_meant(last.split('.')[0])}.yml"
        else:
            right = nearest(f"{last.split('.')[0]}.yml", files)
        wording = Wording(
            "unknown-file",
            "this file is not one that the site reads",
            listed([*files, *(f"{f}/….yml" for f in folders)], 20),
        )
        self._misplaced(name, wording, right=right)
        return right

    def _misplaced(self, name: str, wording: Wording, right: str | None = None, paste: str | None = None) -> None:
        file = f"{self.folder}/{name}"
        self.problems.append(Problem(file, 1, 1, wording.rule, wording.what, "", wording.allowed, right, paste))


def _replaced(document: Document, mark: Mark, wrong: str, right: str) -> str | None:
    """The line at a mark with the right word for the wrong one that stands there or after it."""
    line, start = document.line(mark.line), mark.column - 1
    return (line[:start] + line[start:].replace(wrong, right, 1)).strip() if wrong and wrong in line[start:] else None


def _without_followers(kind: Kind, errors: list[Any]) -> list[Any]:
    """What Pydantic found, without what only follows from something else that it found.

    A key that is missing because it is misspelt; and where languages stand without the key of their text, the
    other languages and that key.
    """
    unknown = [error["loc"] for error in errors if error["type"] == "extra_forbidden"]
    following = {(*loc[:-1], right) for loc in unknown if (right := _key_meant(kind.model, loc))}
    for parent in {loc[:-1] for loc in unknown if loc[-1] in LANGUAGES}:
        following |= set([loc for loc in unknown if loc[:-1] == parent and loc[-1] in Translated.model_fields][1:])
        following |= {
            error["loc"]
            for error in errors
            if error["type"] == "missing" and error["loc"][:-1] == parent
            if issubclass(_model_at(kind.model, error["loc"]) or Record, Translated)
        }
    return [error for error in errors if error["loc"] not in following]


def _fields(model: type[Record] | None) -> dict[str, Any]:
    """The keys that a record can have."""
    fields = model.model_fields.items() if model else ()
    return {name: info for name, info in fields if name != "neutral" and not is_written_by_commands(info)}


def _key_meant(model: type[Record], loc: Place) -> str | None:
    """The key that a key which does not belong to a record was meant to be."""
    choices = _fields(_model_at(model, loc[:-1]))
    name = slips.key_name_meant(str(loc[-1]))
    return name if name in choices else nearest(name, choices)


def _field_problem(kind: Kind, document: Document, prefix: Place, found: Any) -> Problem:
    """What Pydantic found in a record, in staff words and with its place in the file."""
    error, loc = found["type"], tuple(found["loc"])
    if error == "text_keys":
        loc = (*loc, found["ctx"]["key"])
    missing, unknown = error == "missing", error in ("extra_forbidden", "text_keys")
    if loc[-1:] == (MAIN_LANGUAGE,) and (*prefix, *loc) not in document.values and not missing:
        loc = loc[:-1]  # a plain text, which is no mapping in the file
    model = _model_at(kind.model, loc if error.endswith("_type") else loc[:-1])
    fields = _fields(model)
    key = next((str(part) for part in reversed(loc) if isinstance(part, str)), kind.name)
    value = found["input"] if isinstance(found["input"], str) else key
    wording = _wording(found, model)
    choices = _choices(found)
    mark = document.mark((*prefix, *(loc[:-1] if missing else loc)), of_key=unknown)
    nearby = _key_meant(kind.model, loc) if unknown else nearest(slips.choice_meant(value), choices)
    paste = _replaced(document, mark, key if unknown else value, nearby) if nearby else None
    if missing:
        paste = f"{key}: …"
    elif error == "list_type":
        paste = _list_meant(document, mark, found["input"], _model_at(kind.model, loc[:-1]), key)
    elif error == "string_type":
        paste = _text_meant(document, mark)
    elif not unknown and (right := _value_meant(found, wording.rule)):
        nearby, paste = right, _replaced(document, mark, value, right)
    elif unknown and (own := _unknown_key_problem(kind, document, (*prefix, *loc), loc, found["input"])):
        return own
    help_text = fields[key].description if key in fields and (missing or fields[key].is_required()) else None
    where = f"an entry of `{key}`" if loc and isinstance(loc[-1], int) else f"`{key}`" if loc else "this record"
    said = {"key": key, "value": _short(value), "keys": listed(fields, 20), "choices": listed(choices), "where": where}
    allowed = wording.allowed.format(**said, help=help_text or "a value") if wording.allowed else None
    if help_text and wording.rule == "empty-text":
        allowed = help_text
    return document.problem(mark, Wording(wording.rule, wording.what.format(**said)), allowed, nearby, paste)


def _wording(found: Any, model: type[Record] | None) -> Wording:
    """The words for what Pydantic found."""
    error = found["type"]
    if error in ("string_pattern_mismatch", "number", "whole_number", "yes_or_no", "day") and not found["input"]:
        error = "string_too_short"
    if error == "list_type" and not found["input"]:
        error = "too_short"
    if error == "model_type" and model is Marks:
        return FIELD_WORDINGS[MARK_PATTERN]
    wording = FIELD_WORDINGS.get(found["ctx"]["pattern"] if error == "string_pattern_mismatch" else error)
    return wording or Wording("bad-value", found["msg"].replace("{", "{{").replace("}", "}}") + " (`{key}`)")


def _unknown_key_problem(kind: Kind, document: Document, place: Place, loc: Place, value: Any) -> Problem | None:
    """The problem where a key does not belong because of something else: a space, a comma, an indent."""
    key, mark = str(loc[-1]), document.mark(place, of_key=True)
    line = document.line(mark.line)
    if (right := _key_meant(kind.model, loc)) and value == "" and (found := re.match(r"\w+[:=]\s*(?=\S)", key)):
        wording = Wording("missing-colon", f"`{right}` needs a colon and a space after it")
        paste = _replaced(document, mark, found[0], f"{right}: ")
        return document.problem(Mark(mark.line, mark.column + len(right)), wording, paste=paste)
    if value == "" and (guess := slips.text_in_braces(line, mark.column)):
        wording = Wording(
            "unknown-key", f"the comma before `{key}` ends the value: between {{ and }} it separates keys"
        )
        return document.problem(Mark(mark.line, guess.column), wording, paste=guess.line.strip())
    if key in LANGUAGES:
        wording = Wording("unknown-key", f"`{key}` does not stand below the key of a text")
        texts = [n for n in _fields(_model_at(kind.model, loc[:-1])) if _is_text(kind, (*loc[:-1], n))]
        allowed = f"a key such as {listed(f'`{name}:`' for name in texts[:4])} above it, and `{key}:` indented further"
        return document.problem(mark, wording, allowed) if texts else None
    if len(loc) > 1 and key in _fields(_model_at(kind.model, loc[:-2])) and (around := document.keys.get(place[:-1])):
        wording = Wording("unknown-key", f"`{key}` belongs beside `{place[-2]}`, not below it")
        return document.problem(mark, wording, f"{around.column - 1} spaces before it, as before `{place[-2]}`")
    return None


def _is_text(kind: Kind, loc: Place) -> bool:
    return issubclass(_model_at(kind.model, loc) or Record, Translated)


def _list_meant(document: Document, mark: Mark, value: Any, owner: type[Record] | None, key: str) -> str | None:
    """The line with a list instead of the value that stands there."""
    line = document.line(mark.line)
    behind = line[mark.column - 1 :].rstrip()
    if isinstance(value, dict):
        if behind.startswith("{") and not any(value.values()):
            return (line[: mark.column - 1] + behind.replace("{", "[").replace("}", "]")).strip()
        return f"- {line.strip()}" if len(value) == 1 and not behind.startswith("{") else None
    if not isinstance(value, str) or not value or not behind.startswith(value):
        return None
    if not line[: mark.column - 1].strip():
        dash = slips.dash_meant(document.lines, mark.line)
        return dash.line.strip() if dash else f"- {behind}"
    refers = any(isinstance(one, Refers) for one in marks_of(owner).get(key, ())) if owner else False
    entries = slips.ids_meant(value) if refers else [part.strip(" ()[]") for part in value.split(",")]
    return line[: mark.column - 1].strip() + f" [{', '.join(entries)}]" + behind.removeprefix(value)


def _text_meant(document: Document, mark: Mark) -> str | None:
    """The line without the brackets that make a list or keys of one text."""
    line, start = document.line(mark.line), mark.column - 1
    before, behind = line[:start], line[start:]
    if found := re.match(r"\[\s*([^\[\],]*?)\s*\]|\{\s*\w+: *([^{},]*?)\s*\}", behind):
        return (before + (found[1] or found[2]) + behind[found.end() :]).strip()
    if before.rstrip().endswith("[") and (found := re.match(r"(\[[^\[\]]*\])\s*\]", behind)):
        return (before.rstrip()[:-1] + found[1] + behind[found.end() :]).strip()
    return None


VALUES_MEANT: dict[str, Callable[[str], str | None]] = {
    "not-a-number": slips.number_meant,
    "bad-date": slips.date_meant,
    "bad-address": slips.address_meant,
    "bad-id": slips.id_meant,
    "not-true-or-false": lambda value: slips.TRUE_OR_FALSE.get(value.casefold()),
}
FORMS = {"day": DAY_PATTERN, "whole_number": r"\d+", "number": NUMBER_PATTERN, "yes_or_no": "true|false"}


def _value_meant(found: Any, rule: str) -> str | None:
    """The value that was meant, if there is a guess that has the right form."""
    form = FORMS.get(found["type"]) or found.get("ctx", {}).get("pattern")
    right = VALUES_MEANT[rule](found["input"]) if form and rule in VALUES_MEANT else None
    return right if right and re.fullmatch(form, right) else None


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
