"""A value is put into a YAML file and every other byte stays: comments, quotes, line ends, wrapping."""

from pathlib import Path

import pytest

from learning_site.yaml_edit import CannotEdit, put
from learning_site.yaml_source import Place, read_yaml

BLOCK = """\
# what this file is
name:   # the name
  en: "It's #1"   # said so
  fr: >-
    deux
    lignes

    # not a comment, a line of the text

# about the rest
rest: [a,  b]
"""


@pytest.mark.parametrize(
    ("before", "place", "after"),
    [
        (
            "name:\n  en: A # first\n  # between\n\nnext: B\n",
            ("name", "mark", "fr"),
            "name:\n  en: A # first\n  mark: {fr: X}\n  # between\n\nnext: B\n",
        ),
        ("name: {en: A,  fr: 'B' } # why\n", ("name", "mark", "fr"), "name: {en: A,  fr: 'B', mark: {fr: X} } # why\n"),
        ("- - a: 1\n  - {b: {}}\n", (0, 1, "b", "c"), "- - a: 1\n  - {b: {c: X}}\n"),
        ("a: {m: {ne: Y}}\n", ("a", "m", "fr"), "a: {m: {ne: Y, fr: X}}\n"),
        ("a:\n  m:\n    ne: Y\nb: 1\n", ("a", "m", "fr"), "a:\n  m:\n    ne: Y\n    fr: X\nb: 1\n"),
        ("a: {m: {fr: Y}} # Y\n", ("a", "m", "fr"), "a: {m: {fr: X}} # Y\n"),
        ("a:\r\n  en: é\r\n# end\r\n", ("a", "m"), "a:\r\n  en: é\r\n  m: X\r\n# end\r\n"),
        ("\ufeffa: {en: b}", ("a", "m"), "\ufeffa: {en: b, m: X}"),
        ("a:\n  en: b", ("a", "m"), "a:\n  en: b\n  m: X"),
        ("a:\n  - en: नेपाल\n    fr: é\n  - b\n", ("a", 0, "m"), "a:\n  - en: नेपाल\n    fr: é\n    m: X\n  - b\n"),
        ("a: |\n  one\n\n\nb: two\n", ("c",), "a: |\n  one\n\n\nb: two\nc: X\n"),
    ],
)  # fmt: skip
def test_only_the_value_is_put_in(before: str, place: Place, after: str) -> None:
    assert put(before, {place: "X"}) == after


def test_values_of_one_text_stand_together_and_lines_of_block_texts_are_kept() -> None:
    made = put(BLOCK, {("name", "m", "fr"): "X", ("name", "m", "ne"): "Y", ("name", "r", "fr"): "Z"})
    assert made == BLOCK.replace("a line of the text\n", "a line of the text\n  m: {fr: X, ne: Y}\n  r: {fr: Z}\n")


def test_every_text_of_the_real_files_takes_a_value_and_nothing_else_changes(project: Path) -> None:
    files = [*(project / "data").glob("*.yml"), *(project / "data").glob("*/*.yml")]
    assert len(files) > 15
    put_in = 0
    for path in files:
        before = path.read_text(encoding="utf-8")
        places = [place[:-1] for place in read_yaml(before.encode(), "").values if place and place[-1] == "en"]
        after = put(before, {(*place, "new"): "X" for place in places})
        put_in += len(places)
        assert after.replace("{new: X}", "").count("new: X") == len(places)
        left = [line for line in after.splitlines() if line.strip() != "new: X"]
        assert [line.replace(", new: X", "") for line in left] == before.splitlines()
    assert put_in > 1000


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: b\n", ("a", "c")), ("a: [b]\n", ("a", "c")), ("a: [b]\n", ("a", 1)), ("a: {b\n", ("c",)),
        ("# a\n", ("c",)), ("a: &x {b: c}\nd: *x\n", ("d", "e")),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused(text: str, place: Place) -> None:
    with pytest.raises(CannotEdit):
        put(text, {place: "X"})


@pytest.mark.parametrize("value", ["a: b", "[x", "x # y", "- x", '"', "x\ny: z"])
def test_a_value_that_would_become_something_else_is_refused(value: str) -> None:
    with pytest.raises(CannotEdit):
        put("a: {b: c}\n", {("a", "b"): value})
    with pytest.raises(CannotEdit):
        put("a:\n  b: c\n", {("a", "d"): value})
