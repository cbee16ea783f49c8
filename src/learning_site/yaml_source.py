"""A YAML file as plain values, with the line and column of every key and value, or what is wrong with it.

Every scalar is read as the text that stands there: no dates, no booleans, no numbers. Anchors, aliases and tags are
refused, so nothing in a file can run, repeat or grow. What the values mean is not known here.
"""

import bisect
import functools
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from learning_site import slips
from learning_site.messages import YAML_OTHER, YAML_WORDINGS, Problem, Wording

LARGEST = 4_000_000  # bytes; far above any file that people write
DEEPEST = 20  # levels of keys and lists
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the one in C is many times faster

MERGE_MARK = re.compile(r"^(<{7}|={7}|>{7}|\|{7})( |$)")
CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\u00ad\u200b\u2028-\u202e\u2060-\u2069\ufeff]"
)
TAB_INDENT = re.compile(r"^ *\t")
ODD_SPACE_INDENT = re.compile(r"^ *([^\S \t\r\n])")
EATEN = re.compile(r"\s+#(?=\S)")

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Mark:
    """A line and a column, both from 1."""

    line: int
    column: int


@dataclass
class Document:
    """What a file holds. `value` is None where it could not be read to the end; then `problems` says why."""

    file: str
    lines: list[str]
    value: Any = None
    values: dict[Place, Mark] = field(default_factory=dict)
    unquoted_ends: list[Mark] = field(default_factory=list)
    keys: dict[Place, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def mark(self, place: Place, of_key: bool = False) -> Mark:
        """Where a value (or its key) stands; the nearest thing around it that does, if it is not there."""
        while place:
            if of_key and place in self.keys:
                return self.keys[place]
            if place in self.values:
                return self.values[place]
            place = place[:-1]
        return self.values.get((), Mark(1, 1))

    def last_line(self, place: Place) -> int:
        """The line on which a value ends: the one before whatever stands next in the file."""
        last = self._last_starts[place]
        following = bisect.bisect_right(self._starts, last)
        end = (self._starts[following] if following < len(self._starts) else len(self.lines) + 1) - 1
        while end > last and (not self.line(end).strip() or self.line(end).lstrip().startswith("#")):
            end -= 1
        return end

    @functools.cached_property
    def _starts(self) -> list[int]:
        """Every line on which a key or a value begins, in order."""
        return sorted({mark.line for marks in (self.keys, self.values) for mark in marks.values()})

    @functools.cached_property
    def _last_starts(self) -> dict[Place, int]:
        """For each place the last line on which a value in it begins."""
        found: dict[Place, int] = {}
        for place, mark in self.values.items():
            for depth in range(len(place) + 1):
                found[place[:depth]] = max(mark.line, found.get(place[:depth], 0))
        return found

    def line(self, number: int) -> str:
        """A line's text, empty beyond the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def find(self, word: str, number: int) -> int | None:
        """The first line from `number` on in which a word stands: a text may go on over several lines."""
        return next((n for n in range(number, len(self.lines) + 1) if word in self.line(n)), None)

    def problem(
        self,
        mark: Mark,
        wording: Wording,
        allowed: str | None = None,
        nearest: str | None = None,
        paste: str | None = None,
    ) -> Problem:
        """A problem at a mark, with the line that it is on; what is allowed as the wording says, if not given."""
        line = self.line(mark.line)
        allowed = allowed if allowed is not None else wording.allowed
        return Problem(self.file, mark.line, mark.column, wording.rule, wording.what, line, allowed, nearest, paste)


def read_yaml(data: bytes, file: str) -> Document:
    """The document in `data`; `file` is only what problems call it. Never raises for bad content."""
    document, text = _decode(data, file)
    if text is None or document.problems:
        return document
    try:
        _Builder(document).build(text)
    except yaml.YAMLError as error:
        document.problems.append(_syntax_problem(document, error))
    if document.problems:
        document.value = None
    else:
        document.problems += _eaten_by_hash(document)
    return document


def _decode(data: bytes, file: str) -> tuple[Document, str | None]:
    if len(data) > LARGEST:
        document = Document(file, [])
        wording = Wording("too-large", "this file is too large to be written by people", f"at most {LARGEST} bytes")
        document.problems.append(document.problem(Mark(1, 1), wording))
        return document, None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        document = Document(file, data.decode("utf-8", "replace").splitlines())
        mark = Mark(before.count("\n") + 1, len(before) - before.rfind("\n"))
        wording = Wording(
            "not-utf-8",
            "this file is not saved as UTF-8, so its accents and scripts would break",
            "save it again with the encoding UTF-8",
        )
        document.problems.append(document.problem(mark, wording))
        return document, None
    document = Document(file, text.split("\n"))
    document.problems += _refused_characters(document)
    if not document.problems and not any(line.strip() and not line.lstrip().startswith("#") for line in document.lines):
        document.problems.append(
            document.problem(
                Mark(1, 1),
                Wording("empty-file", "this file is empty", "its keys and values; or delete the file if it is new"),
            )
        )
    return document, text


def _refused_characters(document: Document) -> Iterator[Problem]:
    for number, line in enumerate(document.lines, 1):
        if found := CONTROL.search(line):
            what = f"an invisible character stands here: {_name_of(found[0])}"
            right = CONTROL.sub("", line).strip()
            yield document.problem(
                Mark(number, found.start() + 1), Wording("control-character", what, "delete it"), paste=right
            )
        elif found := ODD_SPACE_INDENT.match(line):
            what = f"a space at the start of this line is not the one of the space bar, but a {_name_of(found[1])}"
            wording = Wording("control-character", what, "ordinary spaces, two per level")
            yield document.problem(Mark(number, found.start(1) + 1), wording)
        elif MERGE_MARK.match(line):
            wording = Wording(
                "merge-mark",
                "two versions of this file were put together and not sorted out",
                "keep the lines that are right, delete the others and the mark lines",
            )
            if line.startswith("<") or not any(earlier.startswith("<<<<<<<") for earlier in document.lines):
                yield document.problem(Mark(number, 1), wording)
        elif found := TAB_INDENT.match(line):
            wording = Wording("tab", "a tab stands at the start of this line", "spaces, two per level")
            yield document.problem(Mark(number, found.end()), wording)
        elif line.rstrip() == "...":
            wording = Wording("one-document", "`...` ends the file: what stands below it is lost", "delete this line")
            yield document.problem(Mark(number, 1), wording)


def _syntax_problem(document: Document, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = failed = _mark(mark) if mark else Mark(1, 1)
    said = f"{getattr(error, 'problem', '') or ''} {getattr(error, 'context', '') or ''}"
    wording = next((w for words, w in YAML_WORDINGS.items() if words in said), YAML_OTHER)
    begun = getattr(error, "context_mark", None)
    if wording.rule in ("open-quote", "open-bracket") and begun:
        place = _mark(begun)
    if not document.line(place.line).strip():
        filled = [n for n in range(1, min(place.line, len(document.lines)) + 1) if document.line(n).strip()]
        place = Mark(filled[-1], len(document.line(filled[-1]).rstrip()) + 1) if filled else Mark(1, 1)
    return _meant(document, failed.line, place, wording, begun) or document.problem(place, wording)


def _meant(document: Document, failed: int, place: Mark, wording: Wording, begun: Any = None) -> Problem | None:
    """The problem with what was meant, if the file can be read beyond the line of the failure with a guess."""
    above = next((n for n in range(place.line - 1, 0, -1) if document.line(n).strip()), place.line)
    suspects = slips.suspects(document.lines, place.line)
    numbers = dict.fromkeys((place.line, _mark(begun).line if begun else above, above, *suspects))
    for number, guess in slips.guesses(document.lines, [n for n in numbers if document.line(n).strip()]):
        lines = [*document.lines[: number - 1], guess.line, *document.lines[number:]]
        if _next_failure(lines, failed) > failed:
            at_place = number == place.line and wording.rule != "open-bracket" and not guess.not_a_line
            where = place if at_place else Mark(number, guess.column)
            paste = None if guess.not_a_line else guess.line.strip()
            return document.problem(where, guess.wording or wording, paste=paste)
    return None


def _next_failure(lines: list[str], first: int) -> float:
    """The line from `first` on at which reading fails, beyond all lines if it does not."""
    trial = Document("", lines)
    try:
        _Builder(trial, trial=True).build("\n".join(lines))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return _mark(mark).line if mark else first
    return next((problem.line for problem in trial.problems if problem.line >= first), math.inf)


def _name_of(character: str) -> str:
    return unicodedata.name(character, "").lower() or f"U+{ord(character):04X}"


def _eaten_by_hash(document: Document) -> Iterator[Problem]:
    """A `#` after a space starts a comment, so `We are #1` would silently become `We are`."""
    for end in document.unquoted_ends:
        line = document.line(end.line)
        if EATEN.match(line, end.column - 1):
            wording = Wording(
                "text-after-hash",
                "what stands after `#` would be lost: an unquoted `#` starts a comment",
                "quotation marks around the text; or, if it is a comment, a space after `#`",
            )
            mark = Mark(end.line, line.index("#", end.column - 1) + 1)
            guess = slips.text_meant(document.lines, end.line)
            if guess and guess.wording:
                wording = Wording(wording.rule, guess.wording.what, wording.allowed)
            yield document.problem(mark, wording, paste=guess.line.strip() if guess else None)


def _mark(mark: Any) -> Mark:
    """The reader's mark, which counts from 0."""
    return Mark(mark.line + 1, mark.column + 1)


class _Builder:
    """Builds values from parser events with a stack of its own, so that no depth can exhaust Python's."""

    def __init__(self, document: Document, *, trial: bool = False) -> None:
        self.document = document
        self.trial = trial  # of a guess, which makes no guesses of its own
        self.stack: list[tuple[Any, Place]] = []
        self.key: list[tuple[str, Place] | None] = []
        self.documents = 0

    def build(self, text: str) -> None:
        for event in yaml.parse(text, Loader=LOADER):
            if not self._take(event):
                return

    def _take(self, event: yaml.Event) -> bool:
        """Use one event; False where reading on makes no sense."""
        if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent, yaml.AliasEvent)):
            mark = _mark(event.start_mark)
            if refusal := self._refusal(event):
                self.document.problems.append(
                    self.document.problem(mark, refusal)
                    if self.trial
                    else _meant(self.document, mark.line, mark, refusal) or self.document.problem(mark, refusal)
                )
                return False
            if isinstance(event, yaml.ScalarEvent):
                return self._add_scalar(event, mark)
            return self._open([] if isinstance(event, yaml.SequenceStartEvent) else {}, mark)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                wording = Wording(
                    "one-document", "`---` ends the file: what stands below it is lost", "delete this line"
                )
                mark = _mark(event.start_mark)
                self.document.problems.append(self.document.problem(mark, wording))
                return False
        if isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
            self.key.pop()
        return True

    def _refusal(self, event: yaml.Event) -> Wording | None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            return Wording(
                "no-aliases",
                "`&` and `*` give no names in these files: a text that starts with one needs quotation marks around it",
            )
        if tag := getattr(event, "tag", None):
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            what = f"`{shown}` is not used in these files: a text that starts with `!` needs quotation marks around it"
            return Wording("no-tags", what)
        return None

    def _open(self, container: Any, mark: Mark) -> bool:
        if self.key and isinstance(self.stack[-1][0], dict) and self.key[-1] is None:
            wording = Wording("bad-key", "a key must be a plain word", "a text with { or [ in it needs quotation marks")
            self.document.problems.append(self.document.problem(mark, wording))
            return False
        if len(self.stack) >= DEEPEST:
            wording = Wording("too-deep", f"this is nested more than {DEEPEST} levels deep")
            self.document.problems.append(self.document.problem(mark, wording))
            return False
        place = self._put(container, mark)
        if place is None:
            place = (*self.stack[-1][1], "\0repeated")
        self.stack.append((container, place))
        self.key.append(None)
        return True

    def _add_scalar(self, event: yaml.ScalarEvent, mark: Mark) -> bool:
        if event.implicit[0] and event.style in (None, ""):
            self.document.unquoted_ends.append(_mark(event.end_mark))
        if self.stack and isinstance(self.stack[-1][0], dict) and self.key[-1] is None:
            self._take_key(event.value, mark)
        else:
            self._put(event.value, mark)
        return True

    def _take_key(self, name: str, mark: Mark) -> None:
        mapping, place = self.stack[-1]
        here = (*place, name)
        if name in mapping:
            first = self.document.keys[here]
            wording = Wording("repeated-key", f"`{name}` stands here a second time; the first is on line {first.line}")
            self.document.problems.append(
                self.document.problem(mark, wording, allowed="keep one of the two, or call this one something else")
            )
            self.key[-1] = (name, ())
        else:
            self.document.keys[here] = mark
            self.key[-1] = (name, here)

    def _put(self, value: Any, mark: Mark) -> Place | None:
        """Put a value where it belongs; its place, or None where its key is a repeated one."""
        if not self.stack:
            self.document.value = value
            self.document.values[()] = mark
            return ()
        container, place = self.stack[-1]
        if isinstance(container, list):
            container.append(value)
            here: Place = (*place, len(container) - 1)
        else:
            key = self.key[-1]
            assert key is not None
            self.key[-1] = None
            name, here = key
            if here == ():
                return None
            container[name] = value
        self.document.values[here] = mark
        return here
