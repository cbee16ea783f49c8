"""When records and pages were last changed: by real git histories, whole, cut off, and not there at all."""

import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from learning_site.history import History

TERMS = "one:\n  term: {en: One}\ntwo:\n  term: {en: Two}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "data" / "elements").mkdir(parents=True)
    (folder / "docs").mkdir()
    _git(folder, "init", "-q", "-b", "main")
    return folder


def _git(folder: Path, *arguments: str, day: str = "2020-01-01") -> None:
    said = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
    subprocess.run(
        ["git", "-C", str(folder), *who, *arguments],
        check=True,
        capture_output=True,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(folder), **said},
    )


@pytest.fixture
def commit(project: Path) -> Callable[[str, dict[str, str | None]], None]:
    def made(day: str, files: dict[str, str | None]) -> None:
        for name, text in files.items():
            if text is None:
                (project / name).unlink()
            else:
                (project / name).write_text(text, encoding="utf-8")
        _git(project, "add", "-A")
        _git(project, "commit", "-q", "--allow-empty", "-m", "A change", day=day)

    return made


def _read(project: Path) -> History:
    return History.read(project, project / "data")


def test_each_record_of_a_file_has_a_day_of_its_own(project: Path, commit: Callable[..., None]) -> None:
    commit("2021-01-01", {"data/glossary.yml": TERMS})
    commit("2022-02-02", {"data/glossary.yml": TERMS.replace("{en: Two}", "{en: Second}")})
    commit("2023-03-03", {"data/glossary.yml": TERMS.replace("{en: Two}", "{en: Second}") + "three: {term: Three}\n"})
    history = _read(project)
    assert history.changed("glossary", "one") == date(2021, 1, 1)
    assert history.changed("glossary", "two") == date(2022, 2, 2)
    assert history.changed("glossary", "three") == date(2023, 3, 3)
    assert history.changed("glossary", "four") is None


def test_what_is_taken_out_of_a_record_is_a_change(project: Path, commit: Callable[..., None]) -> None:
    commit("2021-01-01", {"data/elements/a.yml": "name: A\naliases:\n  - b\n  - c\n"})
    commit("2022-02-02", {"data/elements/a.yml": "name: A\naliases:\n  - b\n"})
    assert _read(project).changed("elements", "a") == date(2022, 2, 2)


@pytest.mark.parametrize(
    "after",
    [
        TERMS.replace("term: {en: One}", "# a comment\n  term: {en: One}"),
        TERMS.replace("term: {en: One}", 'term:\n    en: "One"'),
        TERMS.replace("{en: One}", "{en: One, made_from: {fr: en-1234567}, reviewed: {fr: fr-1234567}}"),
        TERMS.replace("  term: {en: One}", "  term: {en: One}\n  former_ids: [eins]\n  id: claim-1234567"),
        TERMS.replace("\n", "\r\n"),
        TERMS.replace("  term: {en: One}", "  term: {en: One}\n  review: {owner: editors}"),
    ],
    ids=["comment", "form", "marks", "ids", "line ends", "review"],
)
def test_what_readers_do_not_see_is_no_change(project: Path, commit: Callable[..., None], after: str) -> None:
    assert after != TERMS
    commit("2021-01-01", {"data/glossary.yml": TERMS})
    commit("2022-02-02", {"data/glossary.yml": after})
    assert _read(project).changed("glossary", "one") == date(2021, 1, 1)


def test_what_is_not_committed_has_no_day(project: Path, commit: Callable[..., None]) -> None:
    commit("2021-01-01", {"data/glossary.yml": TERMS, "docs/about.md": "# About\n"})
    (project / "data" / "glossary.yml").write_text(TERMS.replace("One", "First"), encoding="utf-8")
    (project / "data" / "tools.yml").write_text("new: {name: New}\n", encoding="utf-8")
    (project / "docs" / "about.md").write_text("# About us\n", encoding="utf-8")
    history = _read(project)
    assert history.changed("glossary", "one") is None
    assert history.changed("glossary", "two") == date(2021, 1, 1)
    assert history.changed("tools", "new") is None
    assert history.page_changed("docs/about.md") is None


def test_a_page_changes_with_its_words_but_not_with_its_marks(project: Path, commit: Callable[..., None]) -> None:
    commit("2021-01-01", {"docs/about.fr.md": "---\ntitle: A\n---\nUn\n", "docs/about.md": "# One\n"})
    commit("2022-02-02", {"docs/about.md": "# Two\n"})
    commit("2023-03-03", {"docs/about.fr.md": "---\ntitle: A\nmade_from: en-1234567\n---\nUn\n"})
    history = _read(project)
    assert history.page_changed("docs/about.md") == date(2022, 2, 2)
    assert history.page_changed("docs/about.fr.md") == date(2021, 1, 1)


def test_a_shallow_clone_knows_what_is_behind_the_cut_and_no_more(
    project: Path, commit: Callable[..., None], tmp_path: Path
) -> None:
    commit("2021-01-01", {"data/glossary.yml": TERMS, "docs/about.md": "# One\n"})
    commit("2022-02-02", {"docs/about.md": "# Two\n"})
    commit("2023-03-03", {"data/glossary.yml": TERMS.replace("Two", "Second")})
    clone = tmp_path / "clone"
    _git(tmp_path, "clone", "-q", "--depth", "2", project.as_uri(), str(clone))
    history = _read(clone)
    assert history.changed("glossary", "two") == date(2023, 3, 3)
    assert history.changed("glossary", "one") is None
    assert history.page_changed("docs/about.md") is None, "touched at the cut: it could have been there for long"


def test_both_sides_of_a_merge_count(project: Path, commit: Callable[..., None]) -> None:
    commit("2021-01-01", {"data/glossary.yml": TERMS})
    _git(project, "switch", "-q", "-c", "side")
    commit("2022-02-02", {"data/glossary.yml": TERMS.replace("One", "First")})
    _git(project, "switch", "-q", "main")
    commit("2023-03-03", {"data/glossary.yml": TERMS + "three: {term: Three}\n"})
    _git(project, "merge", "-q", "--no-edit", "side", day="2024-04-04")
    history = _read(project)
    assert history.changed("glossary", "one") == date(2022, 2, 2)
    assert history.changed("glossary", "two") == date(2021, 1, 1)
    assert history.changed("glossary", "three") == date(2023, 3, 3)


def _merged(project: Path, commit: Callable[..., None], files: dict[str, str]) -> History:
    """Two sides that change other terms, merged in 2024 with more changes than are on either side."""
    commit("2021-01-01", {"data/glossary.yml": TERMS + "three: {term: Three}\n", "docs/about.md": "# One\n"})
    _git(project, "switch", "-q", "-c", "side")
    commit("2022-02-02", {"data/glossary.yml": TERMS.replace("One", "First") + "three: {term: Three}\n"})
    _git(project, "switch", "-q", "main")
    commit("2023-03-03", {"docs/maintain.md": "# Two\n"})
    _git(project, "merge", "-q", "--no-commit", "--no-ff", "side")
    commit("2024-04-04", files)
    assert len(subprocess.check_output(["git", "-C", str(project), "log", "-1", "--format=%P"]).split()) == 2
    return _read(project)


def test_what_a_merge_itself_changes_has_its_day(project: Path, commit: Callable[..., None]) -> None:
    terms = TERMS.replace("One", "First").replace("Two", "Second") + "three: {term: Three}\nfour: {term: Four}\n"
    history = _merged(project, commit, {"data/glossary.yml": terms, "docs/about.md": "# By hand\n"})
    assert history.changed("glossary", "one") == date(2022, 2, 2), "it comes from a side"
    assert history.changed("glossary", "two") == date(2024, 4, 4)
    assert history.changed("glossary", "three") == date(2021, 1, 1)
    assert history.changed("glossary", "four") == date(2024, 4, 4)
    assert history.page_changed("docs/about.md") == date(2024, 4, 4)
    assert history.page_changed("docs/maintain.md") == date(2023, 3, 3)


def test_what_a_merge_drops_of_a_side_was_no_change(project: Path, commit: Callable[..., None]) -> None:
    dropped = TERMS + "three: {term: Three}\nfour: {term: Four}\n"
    history = _merged(project, commit, {"data/glossary.yml": dropped})
    assert history.changed("glossary", "one") == date(2021, 1, 1)
    assert history.changed("glossary", "four") == date(2024, 4, 4)


def test_a_shallow_clone_that_ends_at_a_merge_knows_nothing_of_what_was_there(
    project: Path, commit: Callable[..., None], tmp_path: Path
) -> None:
    _merged(project, commit, {"docs/about.md": "# By hand\n"})
    commit("2025-05-05", {"docs/maintain.md": "# Three\n"})
    clone = tmp_path / "clone"
    _git(tmp_path, "clone", "-q", "--depth", "2", project.as_uri(), str(clone))
    history = _read(clone)
    assert history.changed("glossary", "one") is None
    assert history.page_changed("docs/about.md") is None
    assert history.page_changed("docs/maintain.md") == date(2025, 5, 5)


def test_without_a_repository_nothing_is_known(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "glossary.yml").write_text(TERMS, encoding="utf-8")
    assert _read(tmp_path) == History()


def test_content_elsewhere_has_no_history(project: Path, commit: Callable[..., None], tmp_path: Path) -> None:
    commit("2021-01-01", {"docs/about.md": "# One\n"})
    elsewhere = tmp_path / "drafts"
    elsewhere.mkdir()
    (elsewhere / "glossary.yml").write_text(TERMS, encoding="utf-8")
    history = History.read(project, elsewhere)
    assert history.changed("glossary", "one") is None
    assert history.page_changed("docs/about.md") == date(2021, 1, 1)
