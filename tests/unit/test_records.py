"""A rename changes every reference and nothing else; a deletion takes nothing away that still has something to say."""

import difflib
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from learning_site import claims, records
from learning_site.__main__ import main
from learning_site.loading import load, load_site
from learning_site.model import KINDS, text_mark
from learning_site.records import CannotChange, Change
from learning_site.translations import page_standing, with_page_marks

PAGE = """---
title: Page
---
# Page

[first](elements/first.md) and [its part](elements/first.md#terms), [word](glossary.md#word "A word")
`glossary:word` [card](cards/first.md) [absolute](/elements/first.md) [other](elements/second.md)

{{ testimonies("plain-words", 'french-words') }}
{{ testimonies("plain-words") }}
"""


@pytest.fixture
def home(good_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the small content and two pages, of which one has a translation."""
    project = good_data.parent
    (project / "mkdocs.yml").touch()
    (project / "docs" / "deep").mkdir(parents=True)
    (project / "docs" / "page.md").write_text(PAGE, encoding="utf-8")
    (project / "docs" / "deep" / "inner.md").write_text("# Inner\n\n[f](../elements/first.md)\n", encoding="utf-8")
    monkeypatch.chdir(project)
    return project


def of(one: str) -> object:
    return next(kind for kind in KINDS.values() if kind.one == one)


def renamed(home: Path, one: str, old: str, new: str) -> Change:
    change = records.rename(home, of(one), old, new)  # type: ignore[arg-type]
    change.write()
    return change


def deleted(home: Path, one: str, record_id: str, with_entries: bool = False) -> Change:
    change = records.delete(home, of(one), record_id, with_entries)  # type: ignore[arg-type]
    change.write()
    return change


def texts(home: Path) -> dict[str, list[str]]:
    paths = [path for path in sorted(home.rglob("*")) if path.suffix in (".yml", ".md")]
    return {path.relative_to(home).as_posix(): path.read_text("utf-8").splitlines() for path in paths}


def changed_lines(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """Each line that went or came, with its file."""
    found = []
    for file in sorted(before.keys() | after.keys()):
        for line in difflib.ndiff(before.get(file, []), after.get(file, [])):
            if line[0] in "-+":
                found.append(f"{file} {line[0]} {line[2:].strip()}")
    return found


def test_a_rename_in_a_file_of_many_changes_its_key_and_every_reference(home: Path) -> None:
    before = texts(home)
    renamed(home, "term", "word", "said-word")
    came = changed_lines(before, texts(home))
    text = (
        '- {text: {en: "A *space* for [words](glossary:%s) and `code`.", fr: Un *lieu*., made_from: {fr: en-0000000}}'
    )
    definition = 'definition: {en: "What is *done*, as a [word](glossary:%s) is said."}'
    page = '[first](elements/first.md) and [its part](elements/first.md#terms), [word](glossary.md#%s "A word")'
    assert came == [
        f"data/elements/first.yml - {text % 'word'}, sources: [s1, s2]}}",
        f"data/elements/first.yml + {text % 'said-word'}, sources: [s1, s2]}}",
        "data/elements/first.yml - terms: [word]",
        "data/elements/first.yml + terms: [said-word]",
        "data/glossary.yml - word:",
        "data/glossary.yml + said-word:",
        "data/glossary.yml + former_ids: [word]",
        f"data/glossary.yml - {definition % 'word'}",
        f"data/glossary.yml + {definition % 'said-word'}",
        f"docs/page.md - {page % 'word'}",
        f"docs/page.md + {page % 'said-word'}",
    ]
    assert load_site(home / "data").glossary["said-word"].former_ids == ["word"]


def test_a_rename_of_a_file_moves_it_and_follows_every_reference(home: Path) -> None:
    before = texts(home)
    shown = records.rename(home, of("element"), "first", "foremost").as_diff()
    assert "--- data/elements/first.yml\n+++ data/elements/foremost.yml\n" in shown
    assert texts(home) == before, "a diff writes nothing"
    renamed(home, "element", "first", "foremost")
    after = texts(home)
    own = [*before.pop("data/elements/first.yml"), "former_ids: [first]"]
    assert after.pop("data/elements/foremost.yml") == own
    came = [line for line in changed_lines(before, after) if " + " in line]
    assert came == [
        "data/cases/alpha.yml + - {element: foremost, placed_by: editors, text: {en: Men met.}, sources: [s1]}",
        "data/cases/alpha.yml + - element: foremost",
        "data/cases/alpha.yml + - {text: {en: Start with staff.}, element: foremost, placed_by: editors, "
        "sources: [s1]}",
        "data/testimonies.yml + elements: [foremost]",
        "data/tools.yml + elements: [foremost]",
        "docs/deep/inner.md + [f](../elements/foremost.md)",
        "docs/page.md + [first](elements/foremost.md) and [its part](elements/foremost.md#terms), "
        '[word](glossary.md#word "A word")',
        "docs/page.md + `glossary:word` [card](cards/foremost.md) [absolute](/elements/foremost.md) "
        "[other](elements/second.md)",
    ]


def test_a_record_that_names_itself_is_renamed_there_too(home: Path) -> None:
    glossary = home / "data" / "glossary.yml"
    glossary.write_text(glossary.read_text("utf-8").replace("What is said.", "'A [word](glossary:word).'"), "utf-8")
    renamed(home, "term", "word", "said-word")
    assert "'A [word](glossary:said-word).'" in glossary.read_text("utf-8")


def test_a_rename_back_leaves_both_addresses(home: Path) -> None:
    renamed(home, "source", "s1", "s9")
    renamed(home, "source", "s9", "s1")
    assert load_site(home / "data").sources["s1"].former_ids == ["s9"]


def test_calls_of_pages_follow(home: Path) -> None:
    renamed(home, "testimony", "plain-words", "simple-words")
    page = (home / "docs" / "page.md").read_text("utf-8")
    assert '{{ testimonies("simple-words", "french-words") }}\n{{ testimonies("simple-words") }}' in page
    deleted(home, "testimony", "simple-words")
    assert '{{ testimonies("french-words") }}\n\n' in (home / "docs" / "page.md").read_text("utf-8")


def test_marks_of_translations_say_the_same_after_a_rename(home: Path) -> None:
    english, french = "It is a [word](glossary:word).", "C'est un [mot](glossary:word)."
    marks = f"made_from: {{fr: {text_mark('en', english)}, ne: en-0000000}}"
    review = f"reviewed: {{fr: {text_mark('fr', english, french)}}}"
    file = home / "data" / "elements" / "second.yml"
    text = file.read_text("utf-8")
    said = "".join(f"      {line}\n" for line in (f"en: {english}", f"fr: {french}", "ne: शब्द।", marks, review))
    claim = f"  - text:\n{said}    sources: [s1]\n"
    file.write_text(text.replace("what_it_is:\n", f"what_it_is:\n{claim}", 1), "utf-8")
    page = home / "docs" / "page.md"
    own = home / "docs" / "page.fr.md"
    own.write_text(with_page_marks(page.read_text("utf-8"), "# La page\n", "fr", review=True), "utf-8")

    old = home / "docs" / "page.ne.md"
    old.write_text("---\nmade_from: en-0000000\n---\n# पृष्ठ\n", "utf-8")

    def stands() -> list[object]:
        said = load_site(home / "data").elements["second"].what_it_is[0].text
        return [
            *((said.standing(code), said.is_reviewed(code)) for code in ("fr", "ne")),
            page_standing(page.read_text("utf-8"), own.read_text("utf-8"), "fr"),
            page_standing(page.read_text("utf-8"), old.read_text("utf-8"), "ne"),
        ]

    before = stands()
    assert before == [("fresh", True), ("stale", False), ("fresh", True), ("stale", False)]
    renamed(home, "term", "word", "said-word")
    assert "glossary:said-word" in file.read_text("utf-8")
    assert "glossary.md#said-word" in page.read_text("utf-8")
    assert stands() == before
    deleted(home, "term", "deed")
    assert stands() == before


@pytest.mark.parametrize(
    ("one", "old", "new", "said"),
    [
        ("term", "wrod", "x", "there is no `wrod` in glossary; did you mean word"),
        ("term", "word", "deed", "`deed` is or was the id of a record in glossary"),
        ("term", "word", "word", "`word` is or was the id of a record in glossary"),
        ("term", "word", "Said Word", "`Said Word` cannot be an id"),
    ],
)
def test_a_rename_that_makes_no_sense_is_refused(one: str, old: str, new: str, said: str, home: Path) -> None:
    before = texts(home)
    with pytest.raises(CannotChange, match=re.escape(said)):
        renamed(home, one, old, new)
    assert texts(home) == before


def test_an_id_that_a_record_had_is_not_given_to_another(home: Path) -> None:
    renamed(home, "term", "word", "said-word")
    with pytest.raises(CannotChange, match="is or was the id"):
        renamed(home, "term", "deed", "word")


def test_broken_content_is_mended_first(home: Path) -> None:
    (home / "data" / "elements" / "first.yml").write_text("name: x\n", "utf-8")
    with pytest.raises(CannotChange, match="mend the content first"):
        renamed(home, "term", "word", "said-word")


def test_a_deletion_takes_references_along_and_unlinks_words(home: Path) -> None:
    before = texts(home)
    deleted(home, "term", "word")
    after = texts(home)
    assert "terms" not in "\n".join(after["data/elements/first.yml"]), "a list that is empty goes with its key"
    assert "for words and `code`" in "\n".join(after["data/elements/first.yml"])
    assert "as a word is said" in "\n".join(after["data/glossary.yml"])
    assert ", word" in "\n".join(after["docs/page.md"])
    came = [line for line in changed_lines(before, after) if " + " in line]
    assert len(came) == 3, came


def test_entries_that_cannot_stand_are_named_and_go_only_if_asked(home: Path) -> None:
    before = texts(home)
    with pytest.raises(CannotChange) as refused:
        deleted(home, "element", "first")
    said = str(refused.value)
    assert said.startswith("2 entries cannot stand without `first`; give them something else, or delete them too")
    assert said.endswith("data/cases/alpha.yml:24:14: - element: first")
    assert texts(home) == before
    alpha = home / "data" / "cases" / "alpha.yml"
    alpha.write_text(alpha.read_text("utf-8").replace("Men met again.", "'A [first](elements:first) time.'"), "utf-8")
    change = deleted(home, "element", "first", with_entries=True)
    after = texts(home)
    assert "strategies" not in "\n".join(after["data/cases/alpha.yml"])
    assert "Start with staff" in "\n".join(after["data/cases/alpha.yml"]), "a lesson stands without an element"
    assert any("the numbers jump to 2" in line for line in change.left)
    assert {problem.rule for problem in load(home / "data").problems} == {"element-order"}


def test_a_claim_goes_with_its_only_source_and_one_with_others_stays(home: Path) -> None:
    sources = home / "data" / "sources.yml"
    entry = "s9:\n  title: T\n  publisher: P\n  language: en\n  read: whole\n  url: https://example.org/9\n"
    sources.write_text(sources.read_text("utf-8") + entry, "utf-8")
    alpha = home / "data" / "cases" / "alpha.yml"
    claims = (
        "context:\n  - {text: {en: It is near.}, sources: [s9]}\n  - {text: {en: It is high.}, sources: [s9, s1]}\n"
    )
    alpha.write_text(alpha.read_text("utf-8").replace("context:\n", claims, 1), "utf-8")
    with pytest.raises(CannotChange, match="1 entry cannot stand without `s9`"):
        deleted(home, "source", "s9")
    change = deleted(home, "source", "s9", with_entries=True)
    after = alpha.read_text("utf-8")
    assert "near" not in after
    assert "{text: {en: It is high.}, sources: [s1]}" in after
    assert not change.left
    assert load(home / "data").problems == []


def test_what_ends_with_a_record_leads_on_in_other_records_and_at_former_addresses_too(home: Path) -> None:
    renamed(home, "element", "first", "newer")
    site = load_site(home / "data")
    held = home / "data" / "addresses.yml"
    lost = [placed for placed in claims.all_of(site) if placed.record_id == "alpha"]
    own = [placed.anchor for placed in claims.all_of(site) if placed.record_id == "newer"]
    anchors = ", ".join(placed.anchor for placed in lost)
    held.write_text(
        f"withdrawn: []\nreleased:\n  - {{page: cases/alpha/, anchors: [{anchors}]}}\n"
        f"  - {{page: elements/first/, anchors: [{own[0]}]}}\n  - page: elements/newer/\n",
        "utf-8",
    )
    deleted(home, "element", "newer", with_entries=True)
    after = load(home / "data").draft
    assert after
    there = {placed.anchor for placed in claims.all_of(after)}
    ended = {f"cases/alpha/#{placed.anchor}" for placed in lost if placed.anchor not in there}
    assert 0 < len(ended) < len(lost)
    led = {gone.address: gone.leads_to for gone in after.addresses.withdrawn}
    assert led == dict.fromkeys(sorted(ended), "cases/alpha/") | dict.fromkeys(
        ["elements/first/", "elements/newer/"], "elements/"
    )


def test_a_word_that_had_another_name_leads_on_under_both(home: Path) -> None:
    renamed(home, "term", "word", "said-word")
    held = home / "data" / "addresses.yml"
    held.write_text("withdrawn: []\nreleased: [{page: glossary/, anchors: [word, said-word, deed]}]\n", "utf-8")
    deleted(home, "term", "said-word")
    gone = load_site(home / "data").addresses.withdrawn
    assert [entry.address for entry in gone] == ["glossary/#word", "glossary/#said-word"]


def test_a_source_that_nothing_cites_yet_stops_nobody_but_the_build(home: Path) -> None:
    sources = home / "data" / "sources.yml"
    entry = "s9:\n  title: T\n  publisher: P\n  language: en\n  read: whole\n  url: https://example.org/9\n"
    sources.write_text(sources.read_text("utf-8") + entry, "utf-8")
    (home / "more.bib").write_text("@book{m, title={M}, publisher={P}, url={https://example.org/m}}\n", "utf-8")

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, list(arguments))
        return done.exit_code, done.output

    for command in (
        ("new", "tool", "tried", "--source", "s9"),
        ("delete", "tool", "tried"),
        ("import", "more.bib"),
        ("reviewed", "case", "alpha", "--on", "2026-01-01"),
        ("seen", "s9", "--on", "2026-01-01"),
        ("rename", "source", "s9", "s10"),
        ("translations", "list", "fr"),
        ("translations", "mark", "fr", "data/glossary.yml"),
    ):
        ended, said = run(*command)
        assert ended == 0, said
    assert {problem.rule for problem in load(home / "data").problems} == {"unused-source"}
    for command in (("check",), ("write-pages", "new")):
        assert run(*command)[0] == 1
    (home / "data" / "glossary.yml").write_text("word: x\n", "utf-8")
    assert run("new", "tool", "another") == (1, "Error: mend the content first: learning-site check\n")


def test_a_source_goes_only_when_no_record_rests_on_it_alone(home: Path) -> None:
    with pytest.raises(CannotChange) as refused:
        deleted(home, "source", "s2", with_entries=True)
    assert "data/glossary.yml" in str(refused.value)
    assert (home / "data" / "sources.yml").read_text("utf-8").count("s2:")


def test_a_deletion_that_would_leave_problems_is_refused(home: Path) -> None:
    glossary = home / "data" / "glossary.yml"
    term = "zed:\n  term: {en: ZED}\n  definition: {en: The ZED is a ZED.}\n  sources: [s1]\n"
    glossary.write_text(glossary.read_text("utf-8") + term, "utf-8")
    first = home / "data" / "elements" / "first.yml"
    first.write_text(first.read_text("utf-8").replace("With women.", "With the ZED."), "utf-8")
    before = texts(home)
    with pytest.raises(CannotChange, match=r"(?s)the content would have problems then:.*`ZED` is a name or an acronym"):
        deleted(home, "term", "zed")
    assert texts(home) == before


def test_other_files_that_name_the_id_are_told(home: Path) -> None:
    (home / "tests").mkdir()
    (home / "tests" / "queries.yml").write_text("a: b\nword: glossary/#word\n", "utf-8")
    change = records.rename(home, of("term"), "word", "said-word")  # type: ignore[arg-type]
    assert change.left == [
        "`word` still stands in docs/page.md, line 7",
        "`word` still stands in tests/queries.yml, line 2",
    ]


def test_every_record_of_the_real_content_can_be_renamed_and_comments_stay(project: Path) -> None:
    site = load_site(project / "data")
    tried = 0
    for kind in KINDS.values():
        if records.can_change(kind):
            for record_id in list(site.kind(kind.name))[:1]:
                change = records.rename(project, kind, record_id, f"{record_id}-renamed")
                tried += 1
                for path, content in change.files.items():
                    if content is not None:
                        before = change.moved.get(path, path).read_text("utf-8").splitlines()
                        after = content.decode("utf-8").splitlines()
                        assert [line for line in before if "#" in line and "](" not in line] == [
                            line for line in after if "#" in line and "](" not in line
                        ]
                        assert len(after) - len(before) in (0, 1)
    assert tried > 7


def test_an_old_id_that_two_records_had_is_refused(home: Path) -> None:
    glossary = home / "data" / "glossary.yml"
    assert "former_ids: [act]" in glossary.read_text("utf-8")
    glossary.write_text(glossary.read_text("utf-8").replace("word:\n", "word:\n  former_ids: [act]\n", 1), "utf-8")
    (problem,) = load(home / "data").problems
    assert problem.rule == "former-id"
    assert problem.what == "`word` in glossary had this id too"
