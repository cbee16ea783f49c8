"""Changes the text of a YAML file and leaves every other byte as it is: comments, quotes, line ends, wrapping.

A tree that is read and dumped again is not the same text (ruamel.yaml's round trip, tried on the files of data/,
rewraps and requotes), so a change is made in the text at the place that the parser names. Afterwards the text is read
again: it must say what it said, but for the change.
"""

import copy
import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from learning_site.yaml_source import LOADER, Place, read_yaml

BLANK_LINES = re.compile(r"(?:[ \t]*\r?\n)*")
Cut = tuple[int, int, str]  # from where to where, and what stands there afterwards


class CannotEdit(Exception):
    """A change cannot be made where it was asked for; the text says why."""


@dataclass
class Changes:
    """What to change in a file, by place: all at once, so that no place moves under another.

    `values` are put in and must be plain words; keys that are not there yet are added after their neighbours. `keys`
    are renamed. `appended` are put at the end of lists, which are made if they are not there. `words` are replaced in
    a value as re.sub does, also where it goes on over several lines. `removed` are entries of lists, or keys with all
    that belongs to them; a list that loses its last entry goes with its key.
    """

    values: dict[Place, str] = field(default_factory=dict)
    keys: dict[Place, str] = field(default_factory=dict)
    appended: dict[Place, str] = field(default_factory=dict)
    words: dict[Place, tuple[re.Pattern[str], str]] = field(default_factory=dict)
    removed: set[Place] = field(default_factory=set)


def put(text: str, values: Mapping[Place, str]) -> str:
    """The text with each value at its place. Raises CannotEdit as `change` does."""
    return change(text, Changes(values=dict(values)))


def change(text: str, changes: Changes) -> str:
    """The changed text.

    Raises CannotEdit if the text cannot be read, a place is not there or leads through something that has no keys, or
    anything but what was asked for would change.
    """
    body = text.removeprefix("\ufeff")
    root = _node(body)
    removed = _whole_lists(root, changes.removed)
    changes = _beside(changes, removed)
    lists = {place: f"[{value}]" for place, value in changes.appended.items() if _follow(root, place)[1]}
    cuts = [*_values(body, root, {**changes.values, **lists}), *_removals(body, root, removed)]
    cuts += [
        _appended(body, _at(root, place), value) for place, value in changes.appended.items() if place not in lists
    ]
    for place, new in changes.keys.items():
        key = _entry(root, place)[0]
        cuts.append((key.start_mark.index, key.end_mark.index, new))
    for place, (pattern, new) in changes.words.items():
        node = _at(root, place)
        start, end = node.start_mark.index, node.end_mark.index
        cuts.append((start, end, pattern.sub(new, body[start:end])))
    made = body
    for start, end, new in sorted(cuts, reverse=True):
        made = made[:start] + new + made[end:]
    _prove(body, made, changes, removed)
    return text[: len(text) - len(body)] + made


def _beside(changes: Changes, removed: set[Place]) -> Changes:
    """The changes but for those inside of what is removed anyway."""

    def kept(entries: dict[Place, Any]) -> dict[Place, Any]:
        return {place: value for place, value in entries.items() if not _within(place, removed)}

    return Changes(kept(changes.values), kept(changes.keys), kept(changes.appended), kept(changes.words), removed)


def _values(text: str, root: yaml.Node, values: Mapping[Place, str]) -> list[Cut]:
    cuts: list[Cut] = []
    added: dict[int, tuple[yaml.MappingNode, dict[str, Any]]] = {}
    for place, value in values.items():
        node, missing = _follow(root, place)
        if not missing:
            cuts.append((node.start_mark.index, node.end_mark.index, value))
        elif not isinstance(node, yaml.MappingNode) or not all(isinstance(key, str) for key in missing):
            raise CannotEdit(f"there is nothing with keys at {_named(place)}")
        else:
            into = added.setdefault(id(node), (node, {}))[1]
            for key in missing[:-1]:
                into = into.setdefault(str(key), {})
            into[str(missing[-1])] = value
    return cuts + [_addition(text, node, new) for node, new in added.values()]


def _appended(text: str, node: yaml.Node, value: str) -> Cut:
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise CannotEdit("there is no list to put this at the end of")
    end = _end(text, node.value[-1])
    if node.flow_style:
        return end, end, f", {value}"
    line = text.find("\n", end)
    at = len(text) if line < 0 else line
    newline = "\r\n" if text[:at].endswith("\r") else "\n"
    at -= newline == "\r\n"
    return at, at, f"{newline}{' ' * node.start_mark.column}- {value}"


def _whole_lists(root: yaml.Node, removed: Iterable[Place]) -> set[Place]:
    """What to remove, with the key of each list all of whose entries are removed in place of these."""
    found = set(removed)
    for holder in {place[:-1] for place in found if isinstance(place[-1], int)}:
        entries = {place for place in found if place[:-1] == holder and isinstance(place[-1], int)}
        if holder and len(entries) == len(_at(root, holder).value):
            found = (found - entries) | {holder}
    return {place for place in found if not _within(place[:-1], found)}


def _within(place: Place, holders: set[Place]) -> bool:
    """Whether a place is one of some places, or inside of one."""
    return any(place[:depth] in holders for depth in range(1, len(place) + 1))


def _removals(text: str, root: yaml.Node, removed: set[Place]) -> list[Cut]:
    """The cuts that remove entries; entries that stand beside each other between brackets are cut together."""
    cuts: list[Cut] = []
    holders: dict[Place, set[Any]] = {}
    for place in removed:
        _at(root, place)
        holders.setdefault(place[:-1], set()).add(place[-1])
    for place, gone in holders.items():
        holder = _at(root, place)
        mapping = isinstance(holder, yaml.MappingNode)
        entries = [
            (pair[0].value, *pair) if mapping else (index, pair, pair) for index, pair in enumerate(holder.value)
        ]
        spans = [(name, first.start_mark.index, _end(text, last)) for name, first, last in entries]
        cut = _flow_cuts if getattr(holder, "flow_style", False) else _block_cuts
        cuts += cut(text, spans, gone)
    return cuts


Span = tuple[Any, int, int]  # the name of an entry, and from where to where it stands


def _flow_cuts(text: str, spans: list[Span], gone: set[Any]) -> list[Cut]:
    kept = [span for span in spans if span[0] not in gone]
    cuts: list[Cut] = []
    if not kept:
        cuts.append((spans[0][1], spans[-1][2], ""))
    for (name, start, end), following in zip(spans, [*spans[1:], None], strict=True):
        if name in gone and kept and start < kept[-1][1]:
            cuts.append((start, following[1] if following else end, ""))
    if kept and (rest := kept[-1][2]) != spans[-1][2]:
        cuts.append((rest, spans[-1][2], ""))
    if any("#" in text[start:end] for start, end, _ in cuts):
        raise CannotEdit("a comment stands between the brackets; take this out by hand")
    return cuts


def _block_cuts(text: str, spans: list[Span], gone: set[Any]) -> list[Cut]:
    cuts: list[Cut] = []
    for number, (name, start, end) in enumerate(spans):
        if name not in gone:
            continue
        line = text.rfind("\n", 0, start) + 1
        before = text[line:start].replace("- ", "", 1).strip() if isinstance(name, int) else text[line:start].strip()
        if not before:
            after = text.find("\n", end)
            stop = len(text) if after < 0 else after + 1
            above = text[:line]
            if not above or above.endswith(("\n\n", "\n\r\n")):  # of two blank lines around it one goes too
                stop = BLANK_LINES.match(text, stop).end()  # type: ignore[union-attr]
            cuts.append((line, stop, ""))
        elif (
            number + 1 < len(spans) and spans[number + 1][0] not in gone and "#" not in text[end : spans[number + 1][1]]
        ):
            cuts.append((start, spans[number + 1][1], ""))  # the first key of a list's entry, after its dash
        else:
            raise CannotEdit("this stands on one line with something else; take it out by hand")
    return cuts


def _named(place: Place) -> str:
    return ".".join(map(str, place))


def _at(root: yaml.Node, place: Place) -> yaml.Node:
    node, missing = _follow(root, place)
    if missing:
        raise CannotEdit(f"there is no {_named(place)}")
    return node


def _entry(root: yaml.Node, place: Place) -> tuple[yaml.Node, yaml.Node]:
    """The key and the value of an entry of a mapping."""
    holder = _at(root, place[:-1])
    pairs = holder.value if isinstance(holder, yaml.MappingNode) else []
    found = next((pair for pair in pairs if pair[0].value == place[-1]), None)
    if found is None:
        raise CannotEdit(f"there is no {_named(place)}")
    return found  # type: ignore[no-any-return]


def _node(text: str) -> yaml.Node:
    try:
        root = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        raise CannotEdit(str(error)) from None
    if root is None:
        raise CannotEdit("there is nothing in this file")
    return root


def _follow(node: yaml.Node, place: Place) -> tuple[yaml.Node, Place]:
    """The node at a place, or the last one on the way, with what is missing of the way."""
    for at, part in enumerate(place):
        if isinstance(node, yaml.MappingNode):
            inner = next((value for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            inner = node.value[part]
        else:
            inner = None
        if inner is None:
            return node, place[at:]
        node = inner
    return node, ()


def _addition(text: str, node: yaml.MappingNode, new: dict[str, Any]) -> tuple[int, int, str]:
    """Where keys are added to a mapping, and the text that adds them."""
    if node.flow_style or not node.value:
        at = _end(text, node.value[-1][1]) if node.value else node.start_mark.index + 1
        return at, at, (", " if node.value else "") + _flow(new)[1:-1]
    line_end = text.find("\n", _end(text, node.value[-1][1]))
    at = len(text) if line_end < 0 else line_end
    newline = "\r\n" if text[:at].endswith("\r") else "\n"
    at -= newline == "\r\n"
    indent = " " * node.start_mark.column
    return at, at, "".join(f"{newline}{indent}{key}: {_flow(value)}" for key, value in new.items())


def _end(text: str, node: yaml.Node) -> int:
    """Where the last sign of a value stands: the parser's own end lies behind blank lines and comments."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    return len(text[: node.end_mark.index].rstrip())


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    return str(value)


def _prove(before: str, after: str, changes: Changes, removed: set[Place]) -> None:
    """Refuse a text that says anything but what was asked for."""
    wanted, made = (read_yaml(text.encode(), "").value for text in (before, after))
    if wanted is None:
        raise CannotEdit("this file has problems; mend them first: learning-site check")
    wanted = copy.deepcopy(wanted)
    for place, value in changes.values.items():
        _hold(wanted, place)[place[-1]] = value
    for place, value in changes.appended.items():
        _hold(wanted, place).setdefault(place[-1], []).append(value)
    for place, (pattern, new) in changes.words.items():
        holder = _hold(wanted, place)
        holder[place[-1]] = pattern.sub(new, holder[place[-1]])
    for place in sorted(removed, key=lambda place: [(isinstance(part, int), part) for part in place], reverse=True):
        del _hold(wanted, place)[place[-1]]
    for place, new in sorted(changes.keys.items(), key=lambda pair: -len(pair[0])):
        holder = _hold(wanted, place)
        renamed = {new if key == place[-1] else key: value for key, value in holder.items()}
        holder.clear()
        holder.update(renamed)
    if wanted != made or _order(wanted) != _order(made):
        raise CannotEdit("the change cannot be made without changing something else in the file")


def _hold(root: Any, place: Place) -> Any:
    """What holds the last part of a place; what is missing on the way is made."""
    for part, following in itertools.pairwise(place):
        if isinstance(root, dict) and part not in root:
            root[part] = [] if isinstance(following, int) else {}
        root = root[part]
    return root


def _order(value: Any) -> list[str]:
    """The keys of a mapping, in order."""
    return list(value) if isinstance(value, dict) else []
