"""The search in a real browser, of both kinds of index: what people type, and which page must come first."""

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page

from learning_site import downloads, pages, protection, search_chunks, search_words
from learning_site.model import LANGUAGES, LanguageCode, Site

pytestmark = pytest.mark.browser

QUERIES = yaml.safe_load((Path(__file__).parent / "golden_queries.yml").read_text(encoding="utf-8"))
# Where the index in chunks finds another place first that is as good.
AS_GOOD = {"chunked": {"epargne et credit": "glossary/#avec"}}


@pytest.fixture(scope="session")
def chunked(
    project: Path, build: Callable[..., subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The real site with its search index in chunks."""
    folder = tmp_path_factory.mktemp("chunked")
    shutil.copytree(project / "data", folder / "data")
    with (folder / "data" / "site.yml").open("a", encoding="utf-8") as settings:
        settings.write("search_index: chunked\n")
    done = build(folder / "site", data=folder / "data")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


def look(page: Page, root: str, typed: str) -> list[list[str]]:
    """Type into the search of an open page: per result, the addresses below `root` that it links to."""
    field = page.locator(".search__field")
    field.fill(typed)
    page.wait_for_timeout(300)
    items = page.evaluate(
        "() => [...document.querySelectorAll('.search__result')].slice(0, 10)"
        ".map(item => [...item.querySelectorAll('a')].map(link => link.href))"
    )
    return [[re.sub(r"\?[^#]*", "", address).removeprefix(root) for address in item] for item in items]


def ask(page: Page, root: str, typed: str) -> list[str]:
    """Open the home page and search: the addresses of the first result and of what it found on that page."""
    page.goto(root)
    page.locator(".search__field").click()
    for _ in range(20):
        if found := look(page, root, typed):
            return found[0]
    return [""]


@pytest.mark.parametrize("index", ["whole", "chunked"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_what_people_type_finds_the_right_page_first(
    code: LanguageCode,
    index: str,
    page: Page,
    real_site: Site,
    request: pytest.FixtureRequest,
    serve: Callable[[Path], str],
    artefacts: Path,
) -> None:
    queries = QUERIES[code]
    assert len(queries) >= 30
    site = request.getfixturevalue("chunked" if index == "chunked" else "built")
    root = serve(site) + ("" if code == real_site.main_language else f"{code}/")
    ask(page, root, next(iter(queries)))
    rows = [f"| typed ({code}) | first | as wanted |", "| --- | --- | --- |"]
    missed = []
    for typed, usual in queries.items():
        wanted = AS_GOOD.get(index, {}).get(typed, usual)
        path, _, anchor = wanted.partition("#")
        first = next(iter(look(page, root, typed)), [""])
        place = next((address for address in first if "#" in address), "") if anchor else first[0].split("#")[0]
        rows.append(f"| {typed} | {place} | {'yes' if place == wanted else f'no: {wanted}'} |")
        if place != wanted or first[0].split("#")[0] != path:
            missed.append(f"{typed}: {wanted} is not first, but {first[:3]}")
    (artefacts / f"search-{code}-{index}.md").write_text("\n".join([*rows, ""]), encoding="utf-8")
    assert not missed, "\n".join(missed)


def test_a_word_that_nothing_holds_is_said_to_be_taken_for_another(
    page: Page, built: Path, serve: Callable[[Path], str]
) -> None:
    ask(page, serve(built), "patriachy")
    assert "“patriachy”" in page.inner_text(".search__status")
    assert "“patriarchy”" in page.inner_text(".search__status")
    look(page, serve(built), "patriarchy")
    assert "“" not in page.inner_text(".search__status")


def test_words_like_no_other_are_not_taken_for_any(page: Page, built: Path, serve: Callable[[Path], str]) -> None:
    ask(page, serve(built), "mali")
    assert look(page, serve(built), "zzyzxqqq") == []
    assert "Nothing found" in page.inner_text(".search__status")


def test_words_in_quotation_marks_are_searched_as_they_stand(
    page: Page, built: Path, serve: Callable[[Path], str]
) -> None:
    ask(page, serve(built), "mali")
    assert look(page, serve(built), "patriachy")
    assert look(page, serve(built), '"patriachy"') == []


@pytest.mark.parametrize(
    ("folder", "with_little_words"),
    [("", "how is pristina"), ("fr/", "à la pristina"), ("ne/", "pristina र के")],
)
def test_little_words_say_nothing_beside_others(
    folder: str, with_little_words: str, page: Page, built: Path, serve: Callable[[Path], str]
) -> None:
    root = serve(built) + folder
    ask(page, root, "pristina")
    alone = look(page, root, "pristina")
    assert len(alone) == 1
    assert look(page, root, with_little_words) == alone


@pytest.mark.parametrize(
    ("folder", "said"),
    [("", "1 page found"), ("fr/", "1 page trouvée"), ("ne/", "१ वटा पृष्ठ भेटियो")],
)
def test_one_page_is_counted_as_the_language_counts(
    folder: str, said: str, page: Page, built: Path, serve: Callable[[Path], str]
) -> None:
    ask(page, serve(built) + folder, "Pristina")
    assert page.inner_text(".search__status") == said


def test_every_record_with_a_page_of_its_own_is_found_by_its_title(
    page: Page, real_site: Site, built: Path, serve: Callable[[Path], str]
) -> None:
    asked = 0
    for kind in ("elements", "cases", "questions"):
        for record_id, record in real_site.kind(kind).items():
            typed = (record.question if kind == "questions" else record.name).en.rstrip("?")
            assert ask(page, serve(built), typed)[0].split("#")[0] == pages.location(kind, record_id), typed
            asked += 1
    assert asked > 10


def test_every_synonym_finds_its_record(page: Page, real_site: Site, built: Path, serve: Callable[[Path], str]) -> None:
    """One synonym of each record that has any; the record's page is among the first ten."""
    missed = []
    asked = 0
    root = serve(built)
    assert ask(page, root, "nepal") != [""]
    for kind, record_id, record in real_site.every():
        for alias in getattr(record, "aliases", [])[:1]:
            found = [address for item in look(page, root, alias) for address in item]
            asked += 1
            if pages.location(kind, record_id).split("#")[0] not in [address.split("#")[0] for address in found]:
                missed.append((kind, record_id, alias, found[:3]))
    assert asked > 30
    assert not missed, "\n".join(map(str, missed))


def test_an_index_in_chunks_fetches_little_and_needs_no_more_than_the_policy_lets_it(
    chunked: Path, page: Page, serve: Callable[[Path], str]
) -> None:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(serve(chunked))
    page.wait_for_timeout(500)
    assert asked
    assert not [url for url in asked if search_chunks.FOLDER in url or "search-chunks" in url], (
        "nothing before it is used"
    )
    assert ask(page, serve(chunked), "kapilvastu")[0].startswith("cases/")
    assert said == []
    fragments = {path.name for path in (chunked / search_chunks.FOLDER).rglob("*.pf_fragment")}
    fetched = {name for name in fragments if any(name in url for url in asked)}
    assert 0 < len(fetched) < len(fragments) / 2
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert policy == protection.policy(in_page=True, compiles=True)
    assert "wasm-unsafe-eval" in (chunked / "_headers").read_text(encoding="utf-8")


def test_an_index_in_chunks_says_what_was_meant_and_shows_no_synonym(
    chunked: Path, page: Page, serve: Callable[[Path], str]
) -> None:
    assert ask(page, serve(chunked), "patriachy")[0] == "glossary/#patriarchy"
    assert "“patriarchy”" in page.inner_text(".search__status")
    assert look(page, serve(chunked), "zzyzxqqq") == []
    assert "Nothing found" in page.inner_text(".search__status")
    assert look(page, serve(chunked), '"violence at home"')
    assert "violence at home" in (page.locator(".search__results").text_content() or "").lower()
    assert look(page, serve(chunked), '"patriachy"') == []
    look(page, serve(chunked), "male champions")
    assert search_chunks.UNSEEN not in (page.locator(".search__results").text_content() or "")
    assert page.locator(".search__results mark").count() > 3


def test_only_the_copy_for_a_disk_has_the_whole_index_then(chunked: Path, built: Path) -> None:
    assert not list(chunked.rglob(search_words.INDEX))
    assert not list(built.rglob(search_chunks.FOLDER))
    assert not (built / search_chunks.SCRIPT).exists()
    for site in (chunked, built):
        with zipfile.ZipFile(site / downloads.FOLDER / downloads.NAME) as packed:
            names = packed.namelist()
            home = packed.read("offline-copy/index.html").decode()
        assert "offline-copy/search/search_index.js" in names
        assert not [name for name in names if search_chunks.FOLDER in name or "search-chunks" in name]
        assert "data-chunk" not in home
