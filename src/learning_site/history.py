"""When a record or a page was last changed, by the git history of its file, or nothing where that is not known.

What counts is what readers see: a change of comments, of line breaks or of marks that commands write is none. A merge
changes what is on neither side of it as it is after it. Where history is cut off, as in a shallow clone, what was there
at the cut could be of any age, so nothing is said.
"""

import functools
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from learning_site.model import KINDS, Record, is_written_by_commands
from learning_site.translations import without_marks
from learning_site.yaml_source import LOADER

NOT_CONTENT = frozenset({"review", "seen"})  # keys that say that somebody looked, not what readers are told
WORKING_TREE = ""  # in place of a commit: what was not committed yet


@dataclass(frozen=True)
class _Change:
    """A commit that touched a file: which one, after which ones, when, and whether what was before is unknown."""

    commit: str
    parents: tuple[str, ...]
    day: date | None
    cut_off: bool


@dataclass(frozen=True)
class History:
    """The days of the last changes. `pages` is by path below the project; `records` by kind and id."""

    records: dict[tuple[str, str], date] = field(default_factory=dict)
    pages: dict[str, date] = field(default_factory=dict)

    @classmethod
    def read(cls, project: Path, data: Path) -> "History":
        """The history of the content in `data` and of the pages of a project; empty where git knows nothing of them."""
        git = _Git(project)
        try:
            changes = git.changes([data, project / "docs"])
        except (_NotKnown, OSError):
            return cls()
        records: dict[tuple[str, str], date] = {}
        pages: dict[str, date] = {}
        for file, touched in changes.items():
            path = git.root / file
            if path.is_relative_to(data.resolve()):
                records |= _records(git, file, path.relative_to(data.resolve()), touched)
            elif path.suffix == ".md":
                for day in _days(git, file, touched, _whole, without_marks).values():
                    pages[path.relative_to(project.resolve()).as_posix()] = day
        return cls(records, pages)

    def changed(self, kind: str, record_id: str = "") -> date | None:
        """The day on which a record was last changed, None where that is not known."""
        return self.records.get((kind, record_id))

    def page_changed(self, path: str) -> date | None:
        """The day on which a file such as docs/about.fr.md was last changed, None where that is not known."""
        return self.pages.get(path)


def _records(git: "_Git", file: str, below_data: Path, touched: list[_Change]) -> dict[tuple[str, str], date]:
    """The last changes of the records in a file of data/."""
    for kind in KINDS.values():
        alone = kind.form == "a file each" and below_data.parent.as_posix() == kind.place
        if alone or below_data.as_posix() == kind.place:
            split = _blocks if kind.form == "a mapping of ids" else _whole
            own = below_data.stem if alone else ""
            return {(kind.name, own or part): day for part, day in _days(git, file, touched, split, _said).items()}
    return {}


def _days(
    git: "_Git",
    file: str,
    touched: list[_Change],
    split: Callable[[str], dict[str, str]],
    said: Callable[[str], Any],
) -> dict[str, date]:
    """For each part of a file the day of the commit that last changed what it says; unknown ones are left out.

    A commit made a part what it is if the part says the same after it as today, and something else before it, on all
    sides of a merge: what one side changed can have been dropped for the other.
    """
    found: dict[str, date] = {}
    today = split(git.text(WORKING_TREE, file))
    waiting = set(today)
    for change in touched:
        if not waiting or change.cut_off:
            break
        now = split(git.text(change.commit, file))
        before = [split(git.text(parent, file)) for parent in change.parents] or [{}]
        settled = {
            part
            for part in waiting
            if all(_differ(now.get(part), was.get(part), said) for was in before)
            and not _differ(now.get(part), today[part], said)
        }
        waiting -= settled
        if change.day:
            found |= dict.fromkeys(settled, change.day)
    return found


def _differ(now: str | None, before: str | None, said: Callable[[str], Any]) -> bool:
    """Whether two versions of a part say different things to readers."""
    return now != before and (now is None or before is None or said(now) != said(before))


@functools.lru_cache(maxsize=4096)  # each version is compared with the one before it and the one after it
def _said(text: str) -> Any:
    """What a part of a file says, without what is no content; the text itself where it cannot be read."""
    try:
        return _content(yaml.load(text, Loader=LOADER))
    except yaml.YAMLError:
        return text


def _content(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _content(inner) for key, inner in value.items() if key not in _unread()}
    if isinstance(value, list):
        return [_content(inner) for inner in value]
    return value


@functools.cache
def _unread() -> frozenset[str]:
    """The keys of any record in which nothing stands that readers are told."""
    waiting: list[type[Record]] = [Record]
    found = {*NOT_CONTENT}
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        found |= {name for name, info in model.model_fields.items() if is_written_by_commands(info)}
    return frozenset(found)


def _whole(text: str) -> dict[str, str]:
    """A file as one part; nothing where there was no file."""
    return {"": text} if text else {}


@functools.lru_cache(maxsize=64)  # each version is looked at with the one before it and the one after it
def _blocks(text: str) -> dict[str, str]:
    """The records of a file with several, each as the lines from its id to the next."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if line[:1] not in ("", " ", "#", "-") and ":" in line:
            lines = found.setdefault(line.partition(":")[0].strip("'\""), [])
        lines.append(line)
    return {record_id: "\n".join(held) for record_id, held in found.items()}


class _NotKnown(Exception):
    """Git has no answer: there is no repository, or it refuses."""


class _Git:
    """Asks git about a project; each version of a file once."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.root = project.resolve()

    def changes(self, folders: Iterable[Path]) -> dict[str, list[_Change]]:
        """Every file below some folders, by path below the top, with what touched it, the newest first."""
        self.root = Path(self._answer("rev-parse", "--show-toplevel").strip()).resolve()
        inside = [str(folder) for folder in folders if folder.resolve().is_relative_to(self.root)]
        if not inside:
            return {}
        shallow = self.project / self._answer("rev-parse", "--git-path", "shallow").strip()
        cuts = set(shallow.read_text(encoding="ascii").split()) if shallow.exists() else set()
        found: dict[str, list[_Change]] = {}
        for line in self._answer("status", "--porcelain=1", "--no-renames", "-uall", "-z", "--", *inside).split("\0"):
            if line:
                found.setdefault(line[3:], []).append(_Change(WORKING_TREE, ("HEAD",), None, False))
        # -c: of a merge the files that are on no side of it as they are after it; else a merge touches nothing
        log = self._answer("log", "-z", "-c", "--no-renames", "--format=%x01%H %cs %P", "--name-only", "--", *inside)
        for commit, day, parents, files in _commits(log):
            change = _Change(commit, parents, day, commit in cuts)
            for file in files:
                found.setdefault(file, []).append(change)
        there = {file: touched for file, touched in found.items() if (self.root / file).is_file()}
        self._texts = self._read(f"{version}:{file}" for file, touched in there.items() for version in _needed(touched))
        return there

    def text(self, commit: str, file: str) -> str:
        """A file as it was after a commit, or as it is; empty where it was not there."""
        if commit == WORKING_TREE:
            return (self.root / file).read_text(encoding="utf-8", errors="replace")
        return self._texts.get(f"{commit}:{file}", "")

    def _read(self, names: Iterable[str]) -> dict[str, str]:
        asked = list(dict.fromkeys(names))
        answer = self._run(["cat-file", "--batch"], "\n".join(asked).encode() + b"\n")
        found: dict[str, str] = {}
        at = 0
        for name in asked:
            end = answer.index(b"\n", at)
            head = answer[at:end].split()
            at = end + 1
            if head[-1] != b"missing":
                size = int(head[-1])
                found[name] = answer[at : at + size].decode("utf-8", errors="replace")
                at += size + 1
        return found

    def _answer(self, *arguments: str) -> str:
        return self._run(arguments).decode("utf-8", errors="replace")

    def _run(self, arguments: Iterable[str], given: bytes | None = None) -> bytes:
        command = ["git", "-C", str(self.project), *arguments]
        done = subprocess.run(command, input=given, capture_output=True, check=False)
        if done.returncode:
            raise _NotKnown(done.stderr.decode("utf-8", errors="replace"))
        return done.stdout


def _commits(log: str) -> Iterator[tuple[str, date, tuple[str, ...], list[str]]]:
    """Each commit of a log with its day, those before it, and the files that it touched."""
    for part in log.split("\x01")[1:]:
        head, *files = part.split("\0")
        commit, day, *parents = head.split()
        yield commit, date.fromisoformat(day), tuple(parents), [name for file in files if (name := file.strip("\n"))]


def _needed(touched: list[_Change]) -> Iterator[str]:
    """The versions of a file that are compared."""
    for change in touched:
        if change.commit != WORKING_TREE:
            yield change.commit
        if not change.cut_off:
            yield from change.parents
