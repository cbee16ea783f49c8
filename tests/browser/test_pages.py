"""Pages as visitors see them: wide, narrow, light, dark, without JavaScript; and nothing that staff type runs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from learning_site.loading import load_site
from learning_site.model import KINDS, Localized, MarkdownText, Site, leaves
from learning_site.staff_markdown import faults

pytestmark = pytest.mark.browser

KINDS_OF_PAGE = [
    "", "initiative/", "elements/", "elements/conscientization/", "cases/", "cases/mali/", "questions/",
    "questions/evolution/", "matrix/", "evidence/", "testimonies/", "tools/", "glossary/", "sources/", "about/",
    "cases/nepal/", "elements/stepping-out-stepping-up/", "safeguards/", "cards/", "cards/conscientization/",
    "cards/conscientization/two-up/", "safety/", "accessibility/", "offline/", "all-pages/",
    "maintain/", "maintain/components/", "maintain/rules/", "maintain/due/", "data/",
    "checked/", "404.html",
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["", "fr/", "ne/"])
def test_pages_are_quiet_local_and_fit(
    language: str,
    width: int,
    scheme: str,
    browser: Browser,
    built: Path,
    serve: Callable[[Path], str],
    measured: Callable[[str, str, int, int], None],
) -> None:
    root = serve(built)
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    # A request that the next page cut off has not failed.
    page.on("requestfailed", lambda r: None if r.failure == "net::ERR_ABORTED" else said.append(f"failed: {r.url}"))
    page.on("request", lambda r: None if r.url.startswith((root, "blob:", "data:")) else said.append(r.url))
    page.on("response", lambda r: said.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
    for path in KINDS_OF_PAGE:
        page.goto(f"{root}{language}{path}", wait_until="load")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        assert dark == (scheme == "dark"), path
    page.close()
    measured("requests", f"{language.strip('/') or 'main'}-{width}-{scheme}", len(KINDS_OF_PAGE), len(said))
    assert said == []


def test_the_language_switch_keeps_the_page(page: Page, built: Path, serve: Callable[[Path], str]) -> None:
    root = serve(built)
    page.goto(f"{root}elements/intimate-dialogues/")
    page.locator(".languages a[hreflang=ne]").click()
    page.wait_for_url(f"{root}ne/elements/intimate-dialogues/")
    page.locator(".languages a[hreflang=fr]").click()
    page.wait_for_url(f"{root}fr/elements/intimate-dialogues/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_the_language_switch_keeps_the_part_that_was_read_last(
    page: Page, built: Path, serve: Callable[[Path], str]
) -> None:
    reading = 4500  # ms, longer than on the way to the switch
    root = serve(built)
    page.goto(f"{root}cases/nepal/#results")
    page.locator(".languages a[hreflang=fr]").click()
    page.wait_for_url(f"{root}fr/cases/nepal/#results")
    page.locator("#lessons").evaluate("heading => heading.scrollIntoView()")
    page.wait_for_timeout(reading)
    page.locator(".languages a[hreflang=ne]").click()
    page.wait_for_url(f"{root}ne/cases/nepal/#lessons")
    page.wait_for_function("scrollY > 100")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(reading)
    page.locator(".languages a[hreflang=en]").click()
    page.wait_for_url(f"{root}cases/nepal/")


def test_everything_is_there_without_javascript(
    browser: Browser, real_site: Site, built: Path, serve: Callable[[Path], str]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(serve(built))
    for case in real_site.cases.values():
        expect(page.get_by_role("link", name=case.name.en, exact=True).first).to_be_visible()
    page.get_by_role("link", name="Conscientization", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Conscientization")
    page.locator(".cite a").first.click()
    assert "#source-" in page.url
    context.close()


def test_the_matrix_keeps_its_meaning_on_a_phone(
    browser: Browser, real_site: Site, built: Path, serve: Callable[[Path], str]
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(f"{serve(built)}matrix/")
    cell = page.locator("article table td").first
    label = cell.evaluate("node => getComputedStyle(node, '::before').content")
    assert label == f'"{next(iter(real_site.cases.values())).name.en}"'
    assert cell.evaluate("node => getComputedStyle(node).display") == "block"
    page.close()


# ------------------------------------------------------------ what staff type never runs

NASTY = (
    "{{ 7*191 }} {% raw %} {# x #} <script>window.ran=1</script> <img src=x onerror=window.ran=1> "
    '[x](javascript:window.ran=1) | *so* # {: onclick=window.ran=1 } "&quot;><svg onload=window.ran=1>'
)
NASTY_MARKDOWN = "{{ 7*191 }} {% raw %} {# x #} | {: onclick=window.ran=1 } # &quot; *so* a < b"


def poisoned(folder: Path) -> int:
    """Put nasty signs into every text of every record; how many texts."""
    assert list(faults(NASTY_MARKDOWN)) == []
    site = load_site(folder)
    count = 0
    for kind_name, kind in KINDS.items():
        if kind_name in ("ui", "site"):
            continue
        for record_id, record in site.kind(kind_name).items():
            path = folder / kind.file(record_id)
            content = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
            root: Any = content[record_id] if kind.form == "a mapping of ids" else content
            for place, value, marks in leaves(record):
                if not place or marks:
                    continue
                holder = root
                for part in place[:-1]:
                    holder = holder[part]
                if isinstance(value, Localized):
                    nasty = NASTY_MARKDOWN if isinstance(value, MarkdownText) else NASTY
                    holder[place[-1]] = {"en": f"{nasty} {count}"}
                    count += 1
                elif place[-1] in ("title", "publisher", "years", "bad", "good") or place[0] == "aliases":
                    holder[place[-1]] = f"{NASTY} {count}"
                    count += 1
            path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return count


def test_nothing_that_staff_type_runs(
    browser: Browser, build: Callable, good_data: Path, project_copy: Path, tmp_path: Path, serve: Callable[[Path], str]
) -> None:
    text = (good_data / "testimonies.yml").read_text(encoding="utf-8").replace("original: fr", "original: en")
    (good_data / "testimonies.yml").write_text(text, encoding="utf-8")
    assert poisoned(good_data) > 60
    for name in ("index.md", "index.fr.md", "index.ne.md"):
        (project_copy / "docs" / name).write_text(
            "{{ hero() }}\n\n{{ ways_in() }}\n\n{{ model() }}\n\n{{ matrix() }}\n"
        )
    front = f"title: {json.dumps(NASTY)}\ndescription: {json.dumps(NASTY)}"
    text = f"---\n{front}\n---\n\n# Mine\n\nA page whose front matter holds what it should not hold.\n"
    (project_copy / "docs" / "mine.md").write_text(text)
    done = build(tmp_path / "site", good_data, project_copy / "mkdocs.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    root = serve(tmp_path / "site")
    page = browser.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    seen = 0
    for path in (tmp_path / "site").rglob("index.html"):
        page.goto(f"{root}{path.relative_to(tmp_path / 'site').as_posix()}")
        assert page.evaluate("window.ran") is None, path
        assert "1337" not in page.content(), path
        assert page.locator("[onclick], [onerror], [onload], a[href^='javascript:']").count() == 0, path
        seen += page.locator("article").inner_text().count("{{ 7*191 }}")
    assert seen > 100
    page.goto(f"{root}mine/")
    assert page.title().startswith(NASTY[:60])
    assert page.locator("meta[name=description]").get_attribute("content") == NASTY
    page.goto(f"{root}cases/alpha/")
    assert page.locator("h1").inner_text().startswith(NASTY[:20])
    assert "{{ 7*191 }} {% raw %} {# x #} <script>window.ran=1</script>" in page.title()
    page.locator("[data-md-component=search-query]").click()
    page.keyboard.type("window")
    page.wait_for_selector(".search__result a")
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    assert dialogs == []
    page.close()
