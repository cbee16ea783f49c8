"""The zip of a site: addresses of files, a search that a disk can load, and what is said only there."""

import zipfile
from datetime import date
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from learning_site import downloads

DAY = date(2026, 11, 24)
PAGE = """<!doctype html><html lang="en"><head><link rel="stylesheet" href="../assets/site.css">
<link rel="canonical" href="https://example.org/a/"></head><body>
<a id="folder" href="../b/#part">b</a> <a id="home" href="..">home</a> <a id="file" href="../b/x.pdf">x</a>
<a id="here" href="#top">top</a> <a id="out" href="https://example.org/b/">out</a> <a id="mail" href="mailto:a@b">m</a>
<form action="../b/"></form><p data-only="online">zip</p><p data-only="offline" hidden>copy</p>
<script type="application/ld+json">{}</script></body></html>"""


def small_site(folder: Path) -> Path:
    for name, text in {
        "index.html": PAGE.replace('"..', '".'), "a/index.html": PAGE, "b/index.html": PAGE, "b/x.pdf": "x",
        "assets/site.css": "p {}", "search/search_index.json": '{"docs": []}', "sitemap.xml": "", "_headers": "",
        "feed.xml": "", "llms.txt": "", "robots.txt": "", "404.html": PAGE, "downloads/handbook-en.pdf": "pdf",
    }.items():  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def packed(folder: Path) -> dict[str, str]:
    path, _ = downloads.pack(small_site(folder), DAY)
    with zipfile.ZipFile(path) as found:
        return {name: found.read(name).decode() for name in found.namelist()}


def test_links_to_folders_lead_to_files_and_others_stay(tmp_path: Path) -> None:
    page = LexborHTMLParser(packed(tmp_path)["offline-copy/a/index.html"])
    leads = {node.attributes["id"]: node.attributes["href"] for node in page.css("a")}
    assert leads == {
        "folder": "../b/index.html#part", "home": "../index.html", "file": "../b/x.pdf", "here": "#top",
        "out": "https://example.org/b/", "mail": "mailto:a@b",
    }  # fmt: skip
    assert [node.attributes["action"] for node in page.css("form")] == ["../b/index.html"]
    assert [node.attributes["href"] for node in page.css("link")] == ["../assets/site.css"]


def test_only_what_readers_need_is_in_it(tmp_path: Path) -> None:
    assert sorted(packed(tmp_path)) == [
        "offline-copy/a/index.html", "offline-copy/assets/site.css", "offline-copy/b/index.html",
        "offline-copy/b/x.pdf", "offline-copy/index.html", "offline-copy/search/search_index.js",
    ]  # fmt: skip
    assert packed(tmp_path)["offline-copy/search/search_index.js"] == 'window.searchIndex = {"docs": []}'


def test_it_says_that_it_is_a_copy(tmp_path: Path) -> None:
    page = LexborHTMLParser(packed(tmp_path)["offline-copy/index.html"])
    assert page.css("[data-only=online], script") == []
    assert "hidden" not in page.css("[data-only=offline]")[0].attributes


def test_two_zips_of_one_day_are_the_same(tmp_path: Path) -> None:
    first, checksum = downloads.pack(small_site(tmp_path / "one"), DAY)
    second, again = downloads.pack(small_site(tmp_path / "two"), DAY)
    assert first.read_bytes() == second.read_bytes()
    assert checksum == again
    assert downloads.pack(tmp_path / "two", date(2026, 11, 25))[1] != checksum
