"""The picture of the model as numbers: where its strands run and its stations stand. No markup here."""

import textwrap
from dataclasses import dataclass

WIDTH = 360
TOP = 58  # room for the name of what runs through all
STEP = 76  # from one station to the next
CENTRE = 62
SWING = 58  # how far the strands swing out; control points, so they reach three quarters of it
LINE_LENGTH = 25  # signs of a name on one line
LINE_HEIGHT = 20


@dataclass(frozen=True)
class Station:
    """A numbered element: the centre of its circle, and its name in lines with the height of the first."""

    number: int
    x: int
    y: int
    lines: list[str]
    text_y: int


@dataclass(frozen=True)
class Braid:
    """Two strands that part and meet at every station."""

    width: int
    height: int
    strands: list[str]
    stations: list[Station]


def braid(names: list[str]) -> Braid:
    """A braid with a station for each name, from top to bottom."""
    heights = [TOP + STEP // 2 + STEP * index for index in range(len(names))]
    stations = []
    for number, (name, y) in enumerate(zip(names, heights, strict=True), 1):
        lines = textwrap.wrap(name, LINE_LENGTH)
        stations.append(Station(number, CENTRE, y, lines, y + 6 - LINE_HEIGHT * (len(lines) - 1) // 2))
    ends = [TOP - STEP // 2, *heights, (heights[-1] if heights else TOP) + STEP // 2 + 4]
    return Braid(WIDTH, ends[-1] + 8, [_strand(ends, 1), _strand(ends, -1)], stations)


def _strand(heights: list[int], side: int) -> str:
    """An SVG path through the heights, swinging to one side and the other in turn."""
    path = f"M{CENTRE} {heights[0]}"
    for index, (y, below) in enumerate(zip(heights, heights[1:], strict=False)):
        x = CENTRE + SWING * side * (1 if index % 2 == 0 else -1)
        third = (below - y) // 3
        path += f"C{x} {y + third} {x} {below - third} {CENTRE} {below}"
    return path
