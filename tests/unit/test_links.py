"""Links of a built site, and the addresses of sources against a small server that answers in every way."""

import http.server
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from learning_site.links import VERDICTS, broken_links, check_external, unreachable_pages

ADDRESS = "https://good.example.org/"
PAGE = '<!doctype html><html lang="en"><body><h1 id="top">x</h1>{}</body></html>'


def write(folder: Path, pages: dict[str, str]) -> Path:
    for name, body in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(body), encoding="utf-8")
    return folder


def test_every_kind_of_broken_link_is_found(tmp_path: Path) -> None:
    site = write(
        tmp_path / "site",
        {
            "index.html": '<a href="a/">a</a> <a href="a/#top">top</a> <a href="/a/">root</a>',
            "a/index.html": '<a href="../nowhere/">x</a> <a href="#none">y</a> <img src="no.png" alt=""> '
            '<link href="no.css" rel="stylesheet"> <a href="https://good.example.org/gone/">own</a> '
            '<a href="https://good.example.org/#top">fine</a> <a href="https://elsewhere.example.org/">other</a>',
        },
    )
    found = broken_links(site, ADDRESS)
    assert [line.split(" leads")[0] for line in found] == [
        "site/a/index.html: /a/index.html#none",
        "site/a/index.html: /a/no.css",
        "site/a/index.html: /a/no.png",
        "site/a/index.html: /gone/",
        "site/a/index.html: /nowhere",
    ]


def test_a_site_below_a_path_is_checked_too(tmp_path: Path) -> None:
    site = write(
        tmp_path / "site", {"index.html": '<a href="/sub/a/">a</a> <a href="/sub/b/">b</a>', "a/index.html": "x"}
    )
    found = broken_links(site, "https://good.example.org/sub/")
    assert [line.split(" leads")[0] for line in found] == ["site/index.html: /b"]


def test_a_site_without_links_is_no_success(tmp_path: Path) -> None:
    assert broken_links(write(tmp_path / "site", {"index.html": "nothing"}), ADDRESS)


def test_pages_that_no_link_leads_to_are_named(tmp_path: Path) -> None:
    pages = {
        "index.html": '<a href="a/">a</a>',
        "a/index.html": '<a href="../b/#x">b</a>',
        "b/index.html": "",
        "c/index.html": "",
    }
    site = write(tmp_path / "site", {**pages, "404.html": ""})
    assert unreachable_pages(site) == ["site/c/: no link from home leads here"]


class Answers(http.server.BaseHTTPRequestHandler):
    asked: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        Answers.asked[self.path] += 1
        if self.path == "/nothing":
            time.sleep(4)
            return
        code = int(self.path.strip("/").split("-")[0])
        self.send_response(code)
        if code == 301:
            self.send_header("Location", "/404-moved" if self.path.endswith("gone") else "/200-moved")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Answers.asked.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_external_addresses_get_a_verdict(server: str) -> None:
    paths = ["200", "301", "301-gone", "404", "410", "429", "403", "500", "nothing"]
    found = check_external([f"{server}/{path}" for path in paths], timeout=1, retries=1)
    verdicts = {e.url.rsplit("/", 1)[1]: e.verdict for e in found}
    assert verdicts == {
        "200": "answers", "301": "moved", "301-gone": "broken", "404": "broken", "410": "broken", "429": "turned away",
        "403": "turned away", "500": "turned away", "nothing": "no answer",
    }  # fmt: skip
    assert set(verdicts.values()) | {"not asked"} == set(VERDICTS)
    said = {e.url.rsplit("/", 1)[1]: e.said for e in found}
    assert said["404"] == "404 Not Found"
    assert said["301"] == f"301 to {server}/200-moved"
    assert Answers.asked["/nothing"] > 1, "what gave no answer is asked again"


def test_an_address_where_nobody_listens_is_no_answer() -> None:
    found = check_external(["http://127.0.0.1:9/"], timeout=1, retries=0)
    assert [e.verdict for e in found] == ["no answer"]


def test_every_address_is_asked_each_time(server: str) -> None:
    for _ in range(2):
        check_external([f"{server}/200", f"{server}/404"], timeout=1, retries=0)
    assert Answers.asked["/200"] == Answers.asked["/404"] == 2


def test_an_address_is_known_again_however_the_checker_writes_it(server: str) -> None:
    paths = ["200-é", "200-%C3%A9b", "404-ठेगाना?ö=ü#ñ", "200-a/../200-b", "200-(a)", "200-it's?it's", "200-a|b"]
    urls = [f"{server}/{path}" for path in paths]
    found = check_external(urls, timeout=1, retries=0)
    assert [e.url for e in found] == urls, "as the register writes it"
    assert [e.verdict for e in found] == ["broken" if "404" in url else "answers" for url in urls]


@pytest.mark.parametrize("url", ["http://bücher.invalid", "http://[x/", "http://a:b/", f"http://{'ü' * 99}.invalid/"])
def test_an_odd_address_stops_nothing(server: str, url: str) -> None:
    found = check_external([url, f"{server}/200"], timeout=1, retries=0)
    assert [(e.url, e.verdict) for e in found] == [(url, "not asked"), (f"{server}/200", "answers")]


def test_an_address_that_cannot_be_asked_for_is_no_failure() -> None:
    found = check_external(["http://nowhere.invalid/"], timeout=1, retries=0)
    assert [e.verdict for e in found] == ["not asked"]
