"""Sets values in the text of a YAML file and leaves every other byte as it is: comments, quotes, line ends, wrapping.

A tree that is read and dumped again is not the same text (ruamel.yaml's round trip, tried on the files of data/,
rewraps and requotes), so a value is put into the text at the place that the parser names.
"""

import itertools
from collections.abc import Mapping
from typing import Any

import yaml

from learning_site.yaml_source import LOADER, Place, read_yaml


class CannotEdit(Exception):
    """A value cannot be put where it was asked for; the text says why."""


def put(text: str, entries: Mapping[Place, str]) -> str:
    """The text with each value at its place; keys that are not there yet are added after their neighbours.

    A value is written as it is given, so it must be a plain word. Raises CannotEdit if the text cannot be read, a
    place leads through something that has no keys, or anything but the values would change.
    """
    body = text.removeprefix("\ufeff")
    root = _node(body)
    cuts: list[tuple[int, int, str]] = []
    added: dict[int, tuple[yaml.MappingNode, dict[str, Any]]] = {}
    for place, value in entries.items():
        node, missing = _follow(root, place)
        if not missing:
            cuts.append((node.start_mark.index, node.end_mark.index, value))
        elif not isinstance(node, yaml.MappingNode) or not all(isinstance(key, str) for key in missing):
            raise CannotEdit(f"there is nothing with keys at {'.'.join(map(str, place))}")
        else:
            into = added.setdefault(id(node), (node, {}))[1]
            for key in missing[:-1]:
                into = into.setdefault(str(key), {})
            into[str(missing[-1])] = value
    cuts += [_addition(body, node, new) for node, new in added.values()]
    made = body
    for start, end, new in sorted(cuts, reverse=True):
        made = made[:start] + new + made[end:]
    _prove(body, made, entries)
    return text[: len(text) - len(body)] + made


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


def _prove(before: str, after: str, entries: Mapping[Place, str]) -> None:
    """Refuse a text that says anything but what was asked for."""
    wanted, made = (read_yaml(text.encode(), "").value for text in (before, after))
    if wanted is None:
        raise CannotEdit("this file has problems; mend them first: learning-site check")
    for place, value in entries.items():
        holder = wanted
        for part, following in itertools.pairwise(place):
            if isinstance(holder, dict) and part not in holder:
                holder[part] = [] if isinstance(following, int) else {}
            holder = holder[part]
        holder[place[-1]] = value
    if wanted != made:
        raise CannotEdit("the change cannot be made without changing something else in the file")
