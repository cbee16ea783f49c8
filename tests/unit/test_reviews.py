"""When content is due for another look, what pages and staff are told about it, and noting that somebody looked."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from learning_site import reviews
from learning_site.__main__ import main
from learning_site.loading import load, load_site
from learning_site.model import Review
from learning_site.rendering import Renderer

TODAY = date(2026, 6, 1)


def review(owner: str = "editors", reviewed: date | None = None, review_by: date | None = None) -> Review:
    return Review.model_validate({"owner": owner, "reviewed": reviewed, "review_by": review_by})


def test_a_page_is_as_old_as_its_oldest_part() -> None:
    found = reviews.outlook(
        [
            review(reviewed=date(2026, 1, 1), review_by=date(2027, 1, 1)),
            review("safeguarding", reviewed=date(2025, 1, 1), review_by=date(2026, 7, 1)),
        ]
    )
    assert found == reviews.Outlook(["editors", "safeguarding"], date(2025, 1, 1), False, date(2026, 7, 1))


def test_a_page_with_an_unread_part_is_not_reviewed() -> None:
    found = reviews.outlook([review(reviewed=date(2026, 1, 1)), None])
    assert found
    assert (found.reviewed, found.partly) == (None, True)
    assert reviews.outlook([]) is None


@pytest.mark.parametrize(("day", "past"), [(0, False), (1, True), (-1, False)])
def test_a_page_is_past_its_day_on_the_day_after(day: int, past: bool) -> None:
    found = reviews.outlook([review(review_by=TODAY)])
    assert found
    assert found.is_past(TODAY + timedelta(days=day)) == past


@pytest.fixture
def run(good_data: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    (good_data.parent / "mkdocs.yml").touch()
    monkeypatch.chdir(good_data.parent)
    return lambda *arguments: CliRunner().invoke(main, arguments)


def test_a_page_says_how_its_review_stands(good_data: Path, run: Callable[..., Result]) -> None:
    def said(day: date) -> str:
        return " ".join(Renderer(load_site(good_data), "en", day).standing("elements", "first"))

    assert said(TODAY) == "en review-none"
    assert run("reviewed", "element", "first", "--on", "2026-05-01", "--next", "2026-06-01").exit_code == 0
    assert "en review-done 1 May 2026" in said(TODAY)
    assert "en review-by 1 June 2026" in said(TODAY)
    assert "en looked-after en owner-editors" in said(TODAY)
    assert "en review-past 1 June 2026" in said(TODAY + timedelta(days=1))


def test_noting_a_review_changes_only_that(good_data: Path, run: Callable[..., Result]) -> None:
    file = good_data / "elements" / "first.yml"
    before = file.read_text(encoding="utf-8")
    done = run("reviewed", "element", "first", "--on", "2026-05-01")
    assert done.exit_code == 0, done.output
    after = file.read_text(encoding="utf-8")
    assert after.replace("review: {owner: editors, reviewed: 2026-05-01, review_by: 2027-05-01}\n", "") == before
    held = load_site(good_data).elements["first"].review
    assert held == review(reviewed=date(2026, 5, 1), review_by=date(2027, 5, 1))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["reviewed", "element", "frist"], "did you mean first"),
        (["reviewed", "element"], "say which"),
        (["reviewed", "element", "first", "--on", "2026-05-01", "--next", "2026-04-01"], "review-days"),
        (["seen", "s9"], "there is no `s9`"),
        (["seen", "s1", "--on", "yesterday"], "yesterday"),
    ],
)
def test_a_note_that_cannot_be_is_refused(
    run: Callable[..., Result], good_data: Path, arguments: list[str], said: str
) -> None:
    before = {path: path.read_bytes() for path in good_data.rglob("*.yml")}
    done = run(*arguments)
    assert done.exit_code != 0
    assert said in done.output
    assert {path: path.read_bytes() for path in good_data.rglob("*.yml")} == before


def test_a_source_that_was_seen_says_when(good_data: Path, run: Callable[..., Result]) -> None:
    assert run("seen", "s1", "--on", "2026-05-01").exit_code == 0
    assert load_site(good_data).sources["s1"].seen == date(2026, 5, 1)
    assert "en seen-on 1 May 2026" in Renderer(load_site(good_data), "en", TODAY).sources_page()


def test_staff_are_told_what_is_due(good_data: Path, run: Callable[..., Result]) -> None:
    for record_id, again in (("first", "2026-05-31"), ("second", "2026-08-30")):
        run("reviewed", "element", record_id, "--on", "2026-01-01", "--next", again)
    found = reviews.due(load_site(good_data), TODAY)
    assert [named for _, _, named in found.past] == [("cases", "alpha"), ("elements", "first")]
    assert [named for _, _, named in found.soon] == [("elements", "second")]
    assert found.never == {}, "the one that has a plan and no review was reviewed above"
    assert ("elements", "first") not in found.unplanned
    assert ("glossary", "word") in found.unplanned


def test_what_nobody_reviewed_is_told_by_role_and_kind(good_data: Path) -> None:
    assert reviews.due(load_site(good_data), TODAY).never == {"editors": {"elements": ["second"]}}


@pytest.mark.parametrize("day", ["2023-02-30", "2023-02", "soon", "2023-1-1"])
def test_a_day_is_a_day_of_the_calendar(day: str, good_data: Path) -> None:
    file = good_data / "cases" / "alpha.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("2022-05-01", day), encoding="utf-8")
    (problem,) = load(good_data).problems
    assert (problem.rule, problem.what) == ("bad-date", f"`{day}` is not a day")
