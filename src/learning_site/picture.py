"""The picture of the model as numbers: where its strands run and its stations stand. No markup here."""

import textwrap
from dataclasses import dataclass

WIDTH = 360
TOP = 58  # room for the name of what runs through all
STEP = 76  # from one station to the next
CENTRE = 62
SWING = 58  # how far the strands swing out; control points, so they reach three quarters of it
RADIUS = 18  # of a station
NAME_X = CENTRE + 66
LINE_LENGTH = 25  # signs of a name on one line
LINE_HEIGHT = 20
HEADING_HEIGHT = 18
BASELINE = 6  # from the middle of a line of text to its foot


@dataclass(frozen=True)
class Line:
    """A line of text and the height of its foot."""

    text: str
    y: int


@dataclass(frozen=True)
class Station:
    """A numbered element: the centre of its circle, the foot of its number, and its name in lines."""

    number: int
    x: int
    y: int
    number_y: int
    lines: list[Line]


@dataclass(frozen=True)
class Braid:
    """Two strands that part and meet at every station, under the names of what runs through."""

    width: int
    height: int
    radius: int
    name_x: int
    heading: list[Line]
    strands: list[str]
    stations: list[Station]


def braid(through: list[str], names: list[str]) -> Braid:
    """A braid with a station for each name, from top to bottom; its strands begin and end apart."""
    heights = [TOP + STEP // 2 + STEP * index for index in range(len(names))]
    stations = []
    for number, (name, y) in enumerate(zip(names, heights, strict=True), 1):
        texts = textwrap.wrap(name, LINE_LENGTH)
        first = y + BASELINE - LINE_HEIGHT * (len(texts) - 1) // 2
        lines = [Line(text, first + LINE_HEIGHT * index) for index, text in enumerate(texts)]
        stations.append(Station(number, CENTRE, y, y + BASELINE, lines))
    heading = [Line(text, 14 + HEADING_HEIGHT * index) for index, text in enumerate(through)]
    bottom = TOP + STEP * len(names)
    strands = [_strand(heights, bottom, 1), _strand(heights, bottom, -1)]
    return Braid(WIDTH, bottom + 8, RADIUS, NAME_X, heading, strands, stations)


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
