"""A value is put into a YAML file and every other byte stays: comments, quotes, line ends, wrapping."""

import re
from pathlib import Path

import pytest

from learning_site.yaml_edit import CannotEdit, Changes, change, put
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


LISTS = """# top
a: [x, y, z]  # kept
b:
  # of x
  - x
  - y   # goes with y

  # of z
  - z
c:
  - first: 1
    second: 2
  - {first: 1, second: 2, third: 3}
d:
  one: >-
    folded
    text

  two: 2 # kept
e: last
"""


def without(*places: Place) -> str:
    return change(LISTS, Changes(removed=set(places)))


@pytest.mark.parametrize(
    ("places", "old", "new"),
    [
        ([("a", 0)], "[x, y, z]", "[y, z]"),
        ([("a", 1)], "[x, y, z]", "[x, z]"),
        ([("a", 2)], "[x, y, z]", "[x, y]"),
        ([("a", 0), ("a", 1)], "[x, y, z]", "[z]"),
        ([("a", 0), ("a", 2)], "[x, y, z]", "[y]"),
        ([("a", 1), ("a", 2)], "[x, y, z]", "[x]"),
        ([("a", 0), ("a", 1), ("a", 2)], "a: [x, y, z]  # kept\n", ""),
        ([("a",)], "a: [x, y, z]  # kept\n", ""),
        ([("b", 0)], "  - x\n", ""),
        ([("b", 1)], "  - y   # goes with y\n", ""),
        ([("b", 2)], "  - z\n", ""),
        ([("c", 0)], "  - first: 1\n    second: 2\n", ""),
        ([("c", 0, "first")], "- first: 1\n    second", "- second"),
        ([("c", 0, "second")], "    second: 2\n", ""),
        ([("c", 1, "first")], "{first: 1, second: 2, third: 3}", "{second: 2, third: 3}"),
        ([("c", 1, "second"), ("c", 1, "third")], "{first: 1, second: 2, third: 3}", "{first: 1}"),
        ([("d", "one")], "  one: >-\n    folded\n    text\n", ""),
        ([("e",)], "e: last\n", ""),
        ([("c", 0), ("c", 0, "first")], "  - first: 1\n    second: 2\n", ""),
    ],
)
def test_what_is_removed_goes_with_its_line_and_nothing_else(places: list[Place], old: str, new: str) -> None:
    assert LISTS.count(old) == 1
    assert without(*places) == LISTS.replace(old, new)


def test_of_two_blank_lines_around_a_record_one_goes() -> None:
    text = "# top\n\na:\n  x: 1\n\nb:\n  x: 2\n\nc:\n  x: 3\n"
    assert change(text, Changes(removed={("b",)})) == "# top\n\na:\n  x: 1\n\nc:\n  x: 3\n"
    assert change(text, Changes(removed={("a",)})) == "# top\n\nb:\n  x: 2\n\nc:\n  x: 3\n"
    crlf = text.replace("\n", "\r\n")
    assert change(crlf, Changes(removed={("b",)})) == "# top\r\n\r\na:\r\n  x: 1\r\n\r\nc:\r\n  x: 3\r\n"


@pytest.mark.parametrize(
    ("before", "place", "after"),
    [
        ("a: [x]\n", ("a",), "a: [x, X]\n"),
        ("a:\n  - x # why\n\nb: 1\n", ("a",), "a:\n  - x # why\n  - X\n\nb: 1\n"),
        ("a:\r\n- x\r\nb: 1\r\n", ("a",), "a:\r\n- x\r\n- X\r\nb: 1\r\n"),
        ("a:\n  b: 1\n", ("a", "c"), "a:\n  b: 1\n  c: [X]\n"),
        ("a: {b: 1}\n", ("a", "c"), "a: {b: 1, c: [X]}\n"),
    ],
)
def test_a_list_grows_at_its_end(before: str, place: Place, after: str) -> None:
    assert change(before, Changes(appended={place: "X"})) == after


def test_keys_and_words_change_where_they_stand() -> None:
    text = '# old\nold: # old\n  a: "[old](k:old) \\"old\\""\n  b: >-\n    a [long\n    old](k:old) text # no comment\n'
    words = (re.compile(r"\(k:old\)"), "(k:new)")
    made = change(text, Changes(keys={("old",): "new"}, words={("old", "a"): words, ("old", "b"): words}))
    assert made == text.replace("(k:old)", "(k:new)").replace("\nold:", "\nnew:")
    unlinked = (re.compile(r"\[([^\]]*)\]\(k:old\)"), r"\1")
    made = change(text, Changes(words={("old", "b"): unlinked}))
    assert made == text.replace("[long\n    old](k:old)", "long\n    old")


@pytest.mark.parametrize(
    "changes",
    [
        Changes(removed={("b", 9)}),
        Changes(removed={("zzz",)}),
        Changes(keys={("zzz",): "y"}),
        Changes(keys={("a",): "b"}),
        Changes(keys={("a",): "x: y"}),
        Changes(words={("e",): (re.compile("last"), "la: st")}),
        Changes(appended={("e",): "x"}),
    ],
)
def test_a_change_that_would_do_something_else_is_refused(changes: Changes) -> None:
    with pytest.raises(CannotEdit):
        change(LISTS, changes)


def test_a_comment_between_brackets_is_not_lost() -> None:
    text = "a: [x, # of x\n  y]\n"
    with pytest.raises(CannotEdit, match="comment"):
        change(text, Changes(removed={("a", 0)}))


def test_what_is_removed_needs_no_other_change() -> None:
    words = (re.compile("fold"), "wrapping")
    changes = Changes(values={("c", 0, "first"): "999"}, words={("d", "one"): words}, removed={("c", 0), ("d",)})
    made = LISTS.replace("  - first: 1\n    second: 2\n", "")
    assert change(LISTS, changes) == made[: made.index("d:\n")] + "e: last\n"
