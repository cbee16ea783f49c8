"""Asking for the addresses of sources, week after week: when one is gone, and what readers and staff are told."""

import http.server
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from click.testing import CliRunner, Result

from learning_site.__main__ import main
from learning_site.link_status import after, as_yaml, is_network_down
from learning_site.links import External
from learning_site.loading import load, load_site
from learning_site.model import LinkStatus
from learning_site.rendering import Renderer

ADDRESS = "https://example.org/1"


def asked(status: LinkStatus, verdict: str, day: str) -> LinkStatus:
    return after(status, [External(ADDRESS, verdict, "as said")], date.fromisoformat(day))


def test_an_address_is_gone_after_two_failures_two_weeks_apart() -> None:
    status = LinkStatus(asked=date(2026, 1, 5), answering=[ADDRESS], silent=[])
    for day, gone in [("2026-01-12", False), ("2026-01-19", False), ("2026-01-25", False), ("2026-01-26", True)]:
        status = asked(status, "broken", day)
        assert status.by_address[ADDRESS].is_gone == gone, day
    assert status.by_address[ADDRESS].answered == date(2026, 1, 5)
    assert status.by_address[ADDRESS].failures == 4
    assert asked(status, "answers", "2026-02-02").silent == []


@pytest.mark.parametrize(
    ("verdicts", "is_gone"),
    [
        (["no answer", "broken", "no answer"], True),
        (["broken", "turned away", "broken"], True),
        (["broken", "turned away", "turned away"], False),
        (["broken", "answers", "broken", "broken"], False),  # it begins anew
        (["broken", "broken", "broken", "turned away"], True),
        (["broken", "broken", "broken", "moved"], False),
    ],
)
def test_what_lies_between_two_failures_does_not_hide_them(verdicts: list[str], is_gone: bool) -> None:
    status = LinkStatus(asked=None, answering=[], silent=[])
    for week, verdict in enumerate(verdicts):
        status = asked(status, verdict, str(date(2026, 1, 5) + timedelta(weeks=week)))
    assert any(silent.is_gone for silent in status.silent) is is_gone


def test_an_address_that_is_no_longer_in_the_register_is_forgotten() -> None:
    status = asked(LinkStatus(asked=None, answering=[], silent=[]), "broken", "2026-01-05")
    assert after(status, [], date(2026, 1, 12)).silent == []


def test_a_week_in_which_all_answers_changes_one_line() -> None:
    found = [External(f"https://example.org/{number}", "answers", "200 OK") for number in range(50)]
    first = after(LinkStatus(asked=None, answering=[], silent=[]), found, date(2026, 1, 5))
    before = as_yaml(first, "# kept\n")
    second = as_yaml(after(first, found[::-1], date(2026, 1, 12)), before)
    changed = [pair for pair in zip(before.splitlines(), second.splitlines(), strict=True) if len(set(pair)) > 1]
    assert changed == [("asked: 2026-01-05", "asked: 2026-01-12")]


def test_asking_twice_on_a_day_is_one_failure() -> None:
    status = LinkStatus(asked=None, answering=[], silent=[])
    for _ in range(3):
        status = asked(status, "no answer", "2026-01-12")
    assert status.by_address[ADDRESS].failures == 1


@pytest.mark.parametrize("verdict", ["turned away", "not asked"])
def test_being_turned_away_is_neither_a_failure_nor_an_answer(verdict: str) -> None:
    status = asked(LinkStatus(asked=None, answering=[], silent=[]), "broken", "2026-01-12")
    later = asked(status, verdict, "2026-03-12")
    assert later.by_address[ADDRESS].failures == 1
    assert not later.by_address[ADDRESS].is_gone
    assert later.answering == []
    assert (
        not asked(LinkStatus(asked=None, answering=[], silent=[]), verdict, "2026-01-12").by_address[ADDRESS].failures
    )


def test_the_network_is_down_only_if_nothing_answers() -> None:
    silent = [External(f"https://example.org/{number}", "no answer", "") for number in range(3)]
    assert is_network_down(silent)
    assert not is_network_down([*silent, External(ADDRESS, "moved", "")])


def test_the_file_keeps_its_head_and_says_the_same_when_read(good_data: Path) -> None:
    before = (good_data / "link_status.yml").read_text(encoding="utf-8")
    status = load_site(good_data).link_status
    made = as_yaml(status, before)
    assert made.splitlines()[:3] == before.splitlines()[:3]
    (good_data / "link_status.yml").write_text(made, encoding="utf-8")
    assert load_site(good_data).link_status == status
    assert as_yaml(status, made) == made


# ---------------------------------------------------------------- as staff and the weekly workflow run it


class Server(http.server.BaseHTTPRequestHandler):
    answers: ClassVar[dict[str, int]] = {}

    def do_GET(self) -> None:
        self.send_response(self.answers.get(self.path, 200))
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Server.answers.clear()
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()


@pytest.fixture
def ask(good_data: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Result]:
    """Ask for the addresses of the small content, which are on the server, as on a day."""
    project = good_data.parent
    (project / "mkdocs.yml").touch()
    sources = good_data / "sources.yml"
    sources.write_text(sources.read_text(encoding="utf-8").replace("https://example.org", server), encoding="utf-8")
    (good_data / "link_status.yml").write_text("# kept\n{}\n", encoding="utf-8")
    monkeypatch.chdir(project)

    def run(day: str) -> Result:
        return CliRunner().invoke(main, ["links", "--external", "--report", "report.md", "--on", day])

    return run


def test_three_weeks(ask: Callable[[str], Result], good_data: Path, server: str) -> None:
    Server.answers.update({"/3": 404, "/2": 503})
    for day in ("2026-01-05", "2026-01-12", "2026-01-19"):
        done = ask(day)
        assert done.exit_code == 0, done.output
        site = load_site(good_data)
        assert (site.gone("s3") is not None) == (day == "2026-01-19")
        assert site.gone("s2") is None, "turned away"
        assert str(site.last_seen("s1")) == day
    report = Path("report.md").read_text(encoding="utf-8")
    assert "## Gone (1)" in report
    assert f"`s3` <{server}/3> failed on 3 days since 2026-01-05" in report
    assert "Readers are led to <https://archive.example.org/3>" in report.replace(server, "https://archive.example.org")
    assert "## Turned away (1)" in report
    assert load(good_data).problems == []
    page = Renderer(site, "en").sources_page()
    assert "en link-gone" in page.partition("{: #s3 }")[2]
    Server.answers.clear()
    ask("2026-01-26")
    assert load_site(good_data).gone("s3") is None
    assert "## Back" in Path("report.md").read_text(encoding="utf-8")


def test_a_source_that_somebody_has_seen_since_is_not_gone(
    ask: Callable[[str], Result], good_data: Path, server: str
) -> None:
    Server.answers.update({"/1": 404})
    for day in ("2026-01-05", "2026-01-19"):
        ask(day)
    assert load_site(good_data).gone("s1")
    done = CliRunner().invoke(main, ["seen", "s1", "--on", "2026-01-20"])
    assert done.exit_code == 0, done.output
    gone = {}
    for day in ("2026-01-26", "2026-02-02", "2026-02-09"):
        site = load_site(good_data)
        of_s1 = Renderer(site, "en").sources_page().partition("{: #s1 }")[2].partition("{: #s2 }")[0]
        assert "en link-gone" not in of_s1, "somebody saw it"
        assert site.gone("s1") is None
        ask(day)
        gone[day] = load_site(good_data).gone("s1")
        assert ("## Gone" in Path("report.md").read_text(encoding="utf-8")) == (gone[day] is not None)
    assert [day for day, found in gone.items() if found] == ["2026-02-09"]
    found = gone["2026-02-09"]
    assert found
    assert found.failing_since == date(2026, 1, 26), "what failed before somebody saw it counts no more"


def test_who_saw_a_source_before_it_failed_did_not_see_it_since() -> None:
    status = asked(LinkStatus(asked=None, answering=[], silent=[]), "broken", "2026-01-05")
    found = [External(ADDRESS, "broken", "as said")]
    status = after(status, found, date(2026, 1, 26), {ADDRESS: date(2026, 1, 4)})
    assert status.by_address[ADDRESS].is_gone


def test_a_day_before_the_last_one_is_refused(ask: Callable[[str], Result], good_data: Path) -> None:
    ask("2026-01-12")
    before = (good_data / "link_status.yml").read_bytes()
    done = ask("2026-01-05")
    assert done.exit_code == 0
    assert "were asked for on 2026-01-12, which is later than 2026-01-05" in done.output
    assert (good_data / "link_status.yml").read_bytes() == before
    assert "Nothing is changed" in Path("report.md").read_text(encoding="utf-8")


def test_content_with_problems_is_said_and_nothing_asked(ask: Callable[[str], Result], good_data: Path) -> None:
    before = (good_data / "link_status.yml").read_bytes()
    (good_data / "tools.yml").write_text("x: [", encoding="utf-8")
    done = ask("2026-01-12")
    assert done.exit_code == 0, done.output
    assert "tools.yml:1" in done.output
    assert "mend them first" in done.output
    assert (good_data / "link_status.yml").read_bytes() == before
    assert "mend them first" in Path("report.md").read_text(encoding="utf-8")


def test_without_the_link_checker_nothing_is_asked(
    ask: Callable[[str], Result], good_data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = (good_data / "link_status.yml").read_bytes()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", "")
    done = ask("2026-01-12")
    assert done.exit_code == 0, done.output
    assert "lychee is not installed" in done.output
    assert (good_data / "link_status.yml").read_bytes() == before


def test_without_a_network_nothing_is_counted(ask: Callable[[str], Result], good_data: Path, server: str) -> None:
    sources = good_data / "sources.yml"
    sources.write_text(sources.read_text(encoding="utf-8").replace(server, "http://127.0.0.1:9"), encoding="utf-8")
    before = (good_data / "link_status.yml").read_bytes()
    done = ask("2026-01-05")
    assert done.exit_code == 0
    assert "this is the network" in done.output
    assert (good_data / "link_status.yml").read_bytes() == before
    assert "this is the network" in Path("report.md").read_text(encoding="utf-8")


def test_readers_of_a_page_are_led_to_the_archive_only_once_an_address_is_gone(good_data: Path) -> None:
    site = load_site(good_data)
    gone, fine = site.sources["s3"], site.sources["s1"]
    assert site.gone("s3")
    assert gone.archived
    page = Renderer(site, "en").sources_page()
    first_link = page.partition("{: #s3 }")[2].partition("](<")[2].partition(">")[0]
    assert first_link == gone.archived
    of_fine = page.partition("{: #s1 }")[2].partition("{: #s2 }")[0]
    assert of_fine.index(fine.url) < of_fine.index(fine.lookup)
