"""Renames and deletes records. Every reference follows, in data/ and in the pages of docs/; every other byte stays.

Nothing is written before the changed content has been read and found sound.
"""

import difflib
import functools
import os
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from learning_site import addresses, pages, yaml_edit
from learning_site.checks import LEFT_TO_DO
from learning_site.loading import Loaded, data_folder, load
from learning_site.messages import nearest
from learning_site.model import (
    ID_PATTERN,
    KINDS,
    LANGUAGES,
    MAIN_LANGUAGE,
    Kind,
    LanguageCode,
    MarkdownText,
    Place,
    Record,
    Refers,
    leaves,
    text_mark,
)
from learning_site.translations import LANGUAGE_SUFFIX, page_standing, with_page_marks
from learning_site.yaml_edit import Changes

LABEL = r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]"  # the words of a Markdown link
TITLE = r"(\s+\"[^\"]*\")?"  # what a link may say beside its address
LINK = re.compile(LABEL + r"\(([^)\s]+)" + TITLE + r"\)")
CALL = re.compile(r"\{\{\s*(\w+)\((.*?)\)\s*\}\}")
ARGUMENT = re.compile(r"""(["'])(.*?)\1""")
OTHER_FILES = ("docs/**/*.md", "tests/**/*.py", "tests/**/*.yml", "*.md")  # where an id may also stand

Texts = dict[LanguageCode, str]


class CannotChange(Exception):
    """Why a record cannot be renamed or deleted, in staff words."""


@dataclass
class Change:
    """What a rename or a deletion does: each file as it is afterwards, None for one that goes; what is left to do."""

    files: dict[Path, bytes | None]
    moved: dict[Path, Path]  # where a file was before
    left: list[str]

    def as_diff(self) -> str:
        """What changes, as a unified diff with paths from here."""
        shown: list[str] = []
        for path, content in sorted(self.files.items()):
            if path not in self.moved.values():
                was = self.moved.get(path, path)
                before = was.read_bytes().decode("utf-8").splitlines(True)
                after = (content or b"").decode("utf-8").splitlines(True)
                shown += difflib.unified_diff(before, after, os.path.relpath(was), os.path.relpath(path), n=0)
        return "".join(shown)

    def write(self) -> None:
        """Write the files."""
        for path, content in self.files.items():
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)


def can_change(kind: Kind) -> bool:
    """Whether records of a kind can be renamed and deleted: what other sites can link to, or other records name."""
    return "former_ids" in kind.model.model_fields


def rename(project: Path, kind: Kind, old: str, new: str) -> Change:
    """What renames a record: its key or file, every reference, and an address that leads from the old to the new.

    Raises CannotChange, and CannotEdit where a file cannot be changed without changing something else in it.
    """
    work = _Work(project, kind, old, stays=True)
    if not re.match(ID_PATTERN, new):
        raise CannotChange(f"`{new}` cannot be an id: small letters, digits, single hyphens")
    others = {i: record for i, record in work.site.kind(kind.name).items() if i != old}
    if new == old or new in others or any(new in record.former_ids for record in others.values()):
        raise CannotChange(f"`{new}` is or was the id of a record in {kind.name}")
    for reference in work.references():
        work.changes(reference.file).values[reference.whole] = new
    work.reword_texts(re.compile(rf"\({kind.name}:{re.escape(old)}(?=[)\s])"), f"({kind.name}:{new}")
    own = work.changes(kind.file(old))
    key: Place = (old,) if kind.form == "a mapping of ids" else ()
    if new in work.record.former_ids:  # back to a name that it had before
        own.values[*key, "former_ids", work.record.former_ids.index(new)] = old
    else:
        own.appended[*key, "former_ids"] = old
    if key:
        own.keys[key] = new
    work.reword_pages(lambda label, address: f"[{label}]({address})", new)
    return work.done({} if key else {kind.file(old): kind.file(new)})


def delete(project: Path, kind: Kind, record_id: str, with_entries: bool = False) -> Change:
    """What deletes a record and every reference to it; links to it become plain words.

    An entry that cannot stand without it, such as a claim whose only source it is, goes too if `with_entries`.
    Raises CannotChange, which names these entries, and CannotEdit.
    """
    work = _Work(project, kind, record_id, stays=False)
    resting = []
    for reference in work.references():
        falls = reference.falls_with_it()
        if falls is None or (falls != reference.inside and not with_entries):
            resting.append(work.shown(reference))
        else:
            work.changes(reference.file).removed.add((*reference.key, *falls))
    if resting:
        how = (
            "give them something else"
            if with_entries
            else "give them something else, or delete them too: --with-entries"
        )
        said = "1 entry cannot" if len(resting) == 1 else f"{len(resting)} entries cannot"
        raise CannotChange("\n".join([f"{said} stand without `{record_id}`; {how}", *resting]))
    work.reword_texts(re.compile(LABEL + rf"\({kind.name}:{re.escape(record_id)}{TITLE}\)"), r"\1")
    if kind.form == "a mapping of ids":
        work.changes(kind.file(record_id)).removed.add((record_id,))
    work.reword_pages(lambda label, _: label, None)
    gone: dict[str, str | None] = {kind.file(record_id): None} if kind.form == "a file each" else {}
    return work.done(gone)


@dataclass(frozen=True)
class _Reference:
    """A place that names the record: in which file, below which key of it, and where in which record."""

    file: str
    key: Place
    record: Record
    inside: Place

    @property
    def whole(self) -> Place:
        return (*self.key, *self.inside)

    def falls_with_it(self) -> Place | None:
        """What goes if the record named here goes: the reference alone, the entry that it is in, or None for all."""
        in_list = isinstance(self.inside[-1], int)
        name, holding = (self.inside[-2], self.inside[:-2]) if in_list else (self.inside[-1], self.inside[:-1])
        holder = functools.reduce(_part, holding, self.record)
        needed = type(holder).model_fields[str(name)].is_required()
        if in_list:
            needed = name == "sources" and len(getattr(holder, str(name))) == 1
        if not needed:
            return self.inside
        return holding if holding and isinstance(holding[-1], int) else None


def _part(value: Any, part: str | int) -> Any:
    return value[part] if isinstance(part, int) else getattr(value, part)


class _Work:
    """One rename or deletion, while it is put together."""

    def __init__(self, project: Path, kind: Kind, record_id: str, stays: bool) -> None:
        self.project = project
        self.stays = stays
        self.kind = kind
        self.record_id = record_id
        self.folder = data_folder(project)
        loaded = load(self.folder)
        if loaded.draft is None:
            raise CannotChange("mend the content first: learning-site check")
        self.site = loaded.draft
        self.documents = loaded.documents
        held = self.site.kind(kind.name)
        if record_id not in held:
            right = nearest(record_id, held)
            raise CannotChange(
                f"there is no `{record_id}` in {kind.name}" + (f"; did you mean {right}" if right else "")
            )
        self.record = held[record_id]
        self._changes: dict[str, Changes] = {}
        self._pages: dict[Path, str] = {}

    def changes(self, file: str) -> Changes:
        """The changes of a file of data/, to add to."""
        return self._changes.setdefault(file, Changes())

    def references(self) -> Iterator[_Reference]:
        """Every field that names the record."""
        for file, key, record in self._records():
            for inside, value, marks in leaves(record):
                if value == self.record_id and Refers(self.kind.name) in marks:
                    yield _Reference(file, key, record, inside)

    def _records(self) -> Iterator[tuple[str, Place, Record]]:
        for kind_name, record_id, record in self.site.every():
            kind = KINDS[kind_name]
            if self.stays or record is not self.record:
                yield kind.file(record_id), (record_id,) if kind.form == "a mapping of ids" else (), record

    def shown(self, reference: _Reference) -> str:
        """Where a reference stands, as messages say it."""
        document = self.documents[reference.file]
        mark = document.mark(reference.whole)
        return f"{document.file}:{mark.line}:{mark.column}: {document.line(mark.line).strip()}"

    def reword_texts(self, link: re.Pattern[str], instead: str) -> None:
        """Change links to the record in all texts. Marks of translations go on saying what they said."""
        for file, key, record in self._records():
            for inside, text, _ in leaves(record):
                if isinstance(text, MarkdownText):
                    place = (*key, *inside)
                    before = dict(text.each())
                    after = {language: link.sub(instead, own) for language, own in before.items()}
                    for language in before:
                        if after[language] != before[language]:
                            self.changes(file).words[*place, language] = (link, instead)
                    if after != before:
                        self.changes(file).values.update(_marks(text, place, after))

    def reword_pages(self, link: Callable[[str, str], str], new: str | None) -> None:
        """Change links to the record and calls with its id in docs/; `link` makes one of its words and new address."""
        docs = self.project / "docs"
        before = {path: path.read_bytes().decode("utf-8") for path in sorted(docs.rglob("*.md"))}
        after = {
            path: self._reworded(text, path.relative_to(docs).parent.as_posix(), link, new)
            for path, text in before.items()
        }
        for path, text in before.items():
            if found := LANGUAGE_SUFFIX.match(path.name):
                english = path.with_name(f"{found[1]}.md")
                language: Any = found[2]
                standing, reviewed = page_standing(before[english], text, language)
                if standing == "fresh" and (before[english], text) != (after[english], after[path]):
                    after[path] = with_page_marks(after[english], after[path], language, reviewed)
        self._pages = {path: text for path, text in after.items() if text != before[path]}

    def _reworded(self, text: str, folder: str, link: Callable[[str, str], str], new: str | None) -> str:
        old_pages = pages.sources_of(self.kind.name, self.record_id)
        new_pages = pages.sources_of(self.kind.name, new or self.record_id)
        moved = dict(zip(old_pages, new_pages, strict=True))

        def linked(found: re.Match[str]) -> str:
            path, _, anchor = found[2].partition("#")
            absolute = posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")
            for target, kept in ((f"{absolute}#{anchor}", ""), (absolute, f"#{anchor}" if anchor else "")):
                if target in moved:
                    there = "/" + moved[target] if path.startswith("/") else posixpath.relpath(moved[target], folder)
                    return link(found[1], there + kept + (found[3] or ""))
            return found[0]

        def called(found: re.Match[str]) -> str:
            if found[1] != self.kind.name or self.record_id not in [ids[2] for ids in ARGUMENT.finditer(found[2])]:
                return found[0]
            named = [new if ids[2] == self.record_id else ids[2] for ids in ARGUMENT.finditer(found[2])]
            arguments = ", ".join(f'"{i}"' for i in named if i is not None)
            return f"{{{{ {found[1]}({arguments}) }}}}" if arguments else ""

        return CALL.sub(called, LINK.sub(linked, text))

    def done(self, moved: dict[str, str | None]) -> Change:
        """All files as they are afterwards. `moved` says where files of data/ go, None for one that is no more.

        The promised addresses that end lead on from now on. Raises CannotChange where the content would have problems,
        but for what may be left to do.
        """
        instead: dict[str, bytes | None] = {}
        for file, changes in self._changes.items():
            before = (self.folder / file).read_bytes().decode("utf-8")
            instead[file] = yaml_edit.change(before, changes).encode("utf-8")
        for file, there in moved.items():
            content = instead.get(file) or (self.folder / file).read_bytes()
            instead |= {file: None} | ({there: content} if there else {})
        after = self._sound(instead)
        if not self.stays and after.draft:
            withdrawn = addresses.ending_with(self.site, self.kind.name, self.record_id, after.draft)
            file = KINDS["addresses"].place
            before = (self.folder / file).read_bytes().decode("utf-8")
            if withdrawn:
                instead[file] = addresses.with_withdrawn(before, withdrawn).encode("utf-8")
                after = self._sound(instead)
        files = {self.folder / file: content for file, content in instead.items()}
        files.update((path, text.encode("utf-8")) for path, text in self._pages.items())
        renamed = {self.folder / there: self.folder / file for file, there in moved.items() if there}
        return Change(files, renamed, [*map(str, after.problems), *self._still_named()])

    def _sound(self, instead: Mapping[str, bytes | None]) -> Loaded:
        """The content as it is afterwards."""
        after = load(self.folder, instead)
        if refused := [problem for problem in after.problems if problem.rule not in LEFT_TO_DO]:
            raise CannotChange("\n".join(["the content would have problems then:", *map(str, refused)]))
        return after

    def _still_named(self) -> Iterator[str]:
        """Other files in which the id stands, for somebody to look at."""
        named = re.compile(rf"(?<![\w-])(?:{self.kind.name}[:/]|[\"'#]){re.escape(self.record_id)}(?![\w-])")
        for path in sorted({path for pattern in OTHER_FILES for path in self.project.glob(pattern)}):
            text = self._pages.get(path) or path.read_text(encoding="utf-8", errors="replace")
            if lines := [str(number) for number, line in enumerate(text.split("\n"), 1) if named.search(line)]:
                where = path.relative_to(self.project).as_posix()
                yield f"`{self.record_id}` still stands in {where}, line {', '.join(lines)}"


def _marks(text: MarkdownText, place: Place, after: Texts) -> Iterator[tuple[Place, str]]:
    """The marks of a text's translations, as they have to be once its texts are others."""
    for language in LANGUAGES:
        if language in after and text.standing(language) == "fresh":
            yield (*place, "made_from", language), text_mark(MAIN_LANGUAGE, after[MAIN_LANGUAGE])
            if text.is_reviewed(language):
                yield (*place, "reviewed", language), text_mark(language, after[MAIN_LANGUAGE], after[language])
