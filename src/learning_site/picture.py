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
    """A braid with a station for each name, from top to bottom; its strands begin and end apart."""
    heights = [TOP + STEP // 2 + STEP * index for index in range(len(names))]
    stations = []
    for number, (name, y) in enumerate(zip(names, heights, strict=True), 1):
        lines = textwrap.wrap(name, LINE_LENGTH)
        stations.append(Station(number, CENTRE, y, lines, y + 6 - LINE_HEIGHT * (len(lines) - 1) // 2))
    bottom = TOP + STEP * len(names)
    return Braid(WIDTH, bottom + 8, [_strand(heights, bottom, 1), _strand(heights, bottom, -1)], stations)


def _strand(heights: list[int], bottom: int, side: int) -> str:
    """An SVG path that comes from one side, meets every station and leaves to a side."""
    third = STEP // 3
    reach = SWING * 3 // 4
    path = f"M{CENTRE + reach * side} {TOP - STEP // 2 + 18}"
    for y in heights:
        x = CENTRE + SWING * side
        path += f"C{x} {y - 2 * third} {x} {y - third} {CENTRE} {y}"
        side = -side
    path += f"C{CENTRE + SWING * side} {bottom - STEP // 2 + third} {CENTRE + reach * side} {bottom - 6} "
    return path + f"{CENTRE + reach * side} {bottom}"
