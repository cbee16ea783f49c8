"""Any file gets values or messages with line and column; nothing hangs, runs or is read as something else."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning_site.yaml_source import Document, Mark, read_yaml


def read(text: str) -> Document:
    return read_yaml(text.encode(), "file.yml")


def test_every_scalar_is_the_text_that_stands_there() -> None:
    document = read("a: yes\nb: no\nc: 1.10\nd: 012\ne: 2014-10-01\nf: ~\ng: null\nh: 0x1F\ni: 1_000\nj: .inf\n")
    assert document.problems == []
    assert document.value == {
        "a": "yes", "b": "no", "c": "1.10", "d": "012", "e": "2014-10-01", "f": "~", "g": "null", "h": "0x1F",
        "i": "1_000", "j": ".inf",
    }  # fmt: skip


def test_marks_are_lines_and_columns_from_one() -> None:
    document = read("a:\n  b:\n    - x\n    - {c: नेपाल, d: y}\n")
    assert document.mark(("a", "b", 0)) == Mark(3, 7)
    assert document.mark(("a", "b", 1, "d")) == Mark(4, 21)
    assert document.mark(("a", "b"), of_key=True) == Mark(2, 3)
    assert document.mark(("a", "b", 1, "missing")) == Mark(4, 7), "the nearest thing around what is not there"


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        ("a:\n\tb: c\n", "tab", (2, 1)),
        ("", "empty-file", (1, 1)),
        ("# only a comment\n", "empty-file", (1, 1)),
        ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n", "merge-mark", (2, 1)),
        ("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "no-aliases", (1, 4)),
        ("a: &x\n  <<: *x\n", "no-aliases", (1, 4)),
        ('a: !!python/object/apply:os.system ["touch /tmp/run"]\n', "no-tags", (1, 4)),
        ("a: b\0c\n", "control-character", (1, 5)),
        ("title: Supportive Men: Nepal\n", "colon-in-text", (1, 22)),
        ("a: “Men: engage”\n", "colon-in-text", (1, 8)),
        ("a: 1\nb:\n  c: 1\n  c: {x: 1}\n", "repeated-key", (4, 3)),
        ("a: {b: 1, b: 2}\n", "repeated-key", (1, 11)),
        ("a: We are #1\n", "text-after-hash", (1, 11)),
        ("a: 1\n---\nb: 2\n", "one-document", (2, 1)),
        ("a: {{ 7*191 }}\n", "bad-key", (1, 5)),
        ("a: " + "[" * 5_000, "too-deep", (1, 23)),
        ("a: " + "[" * 300_000 + "]" * 300_000, "too-deep", (1, 23)),
        ("- " * 5_000 + "a", "too-deep", (1, 41)),
        ("a: " + "{a: " * 3_000, "too-deep", None),
        ("name Mali\nb: 1\n", "missing-colon", (1, 5)),
    ],
)
def test_bad_files_get_one_message_with_their_place(text: str, rule: str, place: tuple[int, int] | None) -> None:
    begun = time.monotonic()
    document = read(text)
    assert [problem.rule for problem in document.problems] == [rule]
    if place:
        assert (document.problems[0].line, document.problems[0].column) == place
    assert time.monotonic() - begun < 5


def test_other_encodings_are_refused_with_their_place() -> None:
    document = read_yaml("a: 1\nname: Népal\n".encode("latin-1"), "file.yml")
    assert [(p.rule, p.line, p.column) for p in document.problems] == [("not-utf-8", 2, 8)]
    assert read_yaml("a: b\n".encode("utf-16"), "f").problems[0].rule == "not-utf-8"


def test_a_file_that_nobody_wrote_is_refused() -> None:
    assert read_yaml(b"a: " + b"x" * 5_000_000, "f").problems[0].rule == "too-large"


def test_a_byte_order_mark_and_windows_lines_do_no_harm() -> None:
    document = read_yaml(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "f")
    assert document.problems == []
    assert document.value == {"a": "1", "b": "2"}


def test_a_comment_after_a_text_is_a_comment() -> None:
    assert read("a: b # a comment\nc: d\n").problems == []


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_bytes_raise(data: bytes) -> None:
    document = read_yaml(data, "f")
    assert document.value is not None or document.problems
    for problem in document.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert str(problem).startswith(f"f:{problem.line}:{problem.column}: error: ")


@given(st.text(alphabet="ab:-[]{}#&*!|>'\"%@`\\ \n?,", max_size=60))
@settings(max_examples=500, deadline=None)
def test_no_yaml_signs_raise(text: str) -> None:
    document = read(text)
    assert document.value is not None or document.problems
