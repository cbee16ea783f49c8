"""The preview as staff use it: an edit shows by itself, a broken one says over the page what is wrong."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

ELEMENT = "elements/first/"
OVERLAY = ".preview-problems"


@dataclass
class Preview:
    """A preview that runs, and the project that it shows."""

    project: Path
    address: str
    process: subprocess.Popen[str]

    def edit(self, file: str, old: str, new: str) -> None:
        """Change a file of the project as an editor does."""
        path = self.project / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def start(project_copy: Path, good_data: Path) -> Iterator[Callable[..., Preview]]:
    """Start a preview of a copy of the project with the small content; `command` is what staff would type."""
    for home in (project_copy / "docs").glob("index*.md"):
        home.write_text("# Home\n", encoding="utf-8")  # the real one names records that the small content has not
    running: list[subprocess.Popen[str]] = []

    def started(*command: str) -> Preview:
        environment = {**os.environ, "LEARNING_SITE_DATA": str(good_data), "NO_MKDOCS_2_WARNING": "1"}
        environment["PYTHONUNBUFFERED"] = "1"
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=project_copy, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        running.append(process)
        assert process.stdout
        for line in process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
                return Preview(project_copy, found[0], process)
        raise AssertionError("the preview did not start")

    yield started
    for process in running:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture
def preview(start: Callable[..., Preview]) -> Preview:
    return start("learning_site", "preview", "--port", "0")


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page on which the browser has nothing to complain about but what is missing on purpose."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert said == []


def shown(page: Page, preview: Preview, path: str = ELEMENT) -> None:
    page.goto(preview.address + path)


def edit_seen(page: Page, preview: Preview, file: str, old: str, new: str) -> None:
    """Change a file and wait until the open page has loaded again, so that no reload meets the test's next step."""
    with page.expect_navigation():
        preview.edit(file, old, new)


def test_an_edit_of_the_content_shows_by_itself(page: Page, preview: Preview, good_data: Path) -> None:
    shown(page, preview)
    expect(page.locator("h1")).to_have_text("First")
    preview.edit(str(good_data / "elements/first.yml"), "{en: First,", "{en: Foremost,")
    expect(page.locator("h1")).to_have_text("Foremost")
    expect(page.locator(OVERLAY)).to_have_count(0)


@pytest.mark.parametrize(("folder", "said"), [("fr/", "Premier"), ("ne/", "पहिलो")])
def test_an_edit_of_a_translation_shows_by_itself(
    folder: str, said: str, page: Page, preview: Preview, good_data: Path
) -> None:
    shown(page, preview, folder + ELEMENT)
    expect(page.locator("h1")).to_have_text(said)
    preview.edit(str(good_data / "elements/first.yml"), said, f"{said} {said}")
    expect(page.locator("h1")).to_have_text(f"{said} {said}")


def test_an_edit_of_a_page_of_the_frame_and_of_a_style_shows_by_itself(page: Page, preview: Preview) -> None:
    shown(page, preview, "about/")
    preview.edit("docs/about.md", "\n# ", "\n# More ")
    expect(page.locator("h1")).to_contain_text("More")
    preview.edit("docs/overrides/main.html", "<body>", '<body><p id="added">A line of the frame</p>')
    expect(page.locator("#added")).to_be_visible()
    preview.edit("docs/assets/site.css", "/* ---", "#added { display: none; }\n/* ---")
    expect(page.locator("#added")).to_be_hidden()


def test_a_slip_stands_over_the_page_until_it_is_mended(page: Page, preview: Preview, good_data: Path) -> None:
    shown(page, preview)
    file = str(good_data / "elements/first.yml")
    preview.edit(file, "terms: [word]", "terms: [wrod]")
    overlay = page.locator(OVERLAY)
    expect(overlay).to_contain_text("there is no wrod in glossary")
    expect(overlay).to_contain_text("elements/first.yml, line 27")
    expect(overlay.locator("pre")).to_contain_text("27 | terms: [wrod]")
    expect(overlay).to_contain_text("terms: [word]")
    assert (overlay.locator("a").first.get_attribute("href") or "").endswith("elements/first.yml:27:9")
    expect(overlay.locator("code").first).to_have_text("wrod")
    expect(page.locator("h1")).to_have_text("First")
    box = overlay.bounding_box()
    assert box
    assert box["y"] == 0, "it stands over the page"
    overlay.locator("summary").click()
    expect(overlay.locator("ol")).to_be_hidden()

    page.goto(preview.address + "fr/cases/alpha/")
    expect(page.locator(OVERLAY)).to_contain_text("wrod")
    assert "What this means" not in page.locator(OVERLAY).inner_text(), "the small content does not explain this rule"
    page.goto(preview.address + ELEMENT)
    preview.edit(file, "terms: [wrod]", "terms: [deed]")
    expect(page.locator(OVERLAY)).to_have_count(0)
    expect(page.locator("#terms ~ * a[href*='#deed'], a[href*='#deed']").first).to_be_visible()


def test_a_message_leads_to_what_it_means_and_a_new_id_to_the_editor(
    page: Page, preview: Preview, good_data: Path, project: Path
) -> None:
    (good_data / "schema").mkdir()
    rules = good_data / "rules.yml"
    shown(page, preview, "maintain/rules/")
    rules.write_bytes((project / "data" / "rules.yml").read_bytes())
    expect(page.locator("#unknown-id")).to_be_attached()
    shown(page, preview)
    preview.edit(str(good_data / "elements/first.yml"), "terms: [word]", "terms: [new-term]")
    page.get_by_role("link", name="What this means").click()
    page.wait_for_url("**/maintain/rules/#unknown-id")
    glossary = good_data / "glossary.yml"
    entry = "new-term:\n  term: {en: New}\n  definition: {en: Said anew.}\n  sources: [s1]\n"
    glossary.write_text(glossary.read_text("utf-8") + entry, "utf-8")
    expect(page.locator(OVERLAY)).to_have_count(0)
    assert "new-term" in (good_data / "schema" / "ids.json").read_text("utf-8")


def test_all_slips_are_counted_and_shown_at_320_px(page: Page, preview: Preview, good_data: Path) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    shown(page, preview)
    preview.edit(str(good_data / "elements/first.yml"), "order: 1", "order: one")
    preview.edit(str(good_data / "cases/alpha.yml"), "when: 2016-10", "when: October 2016")
    overlay = page.locator(OVERLAY)
    expect(overlay.locator("summary")).to_contain_text("2 problems to mend")
    expect(overlay.locator("li")).to_have_count(2)
    assert overlay.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_what_is_broken_from_the_start_is_said_and_the_page_comes_when_it_is_mended(
    page: Page, start: Callable[..., Preview], good_data: Path
) -> None:
    file = good_data / "elements" / "first.yml"
    sound = file.read_text(encoding="utf-8")
    file.write_text(sound.replace("order: 1", "ordr: 1"), encoding="utf-8")
    preview = start("learning_site", "preview", "--port", "0")
    shown(page, preview)
    expect(page.locator(OVERLAY)).to_contain_text("ordr is not a key that belongs here")
    file.write_text(sound, encoding="utf-8")
    expect(page.locator("h1")).to_have_text("First")


def test_a_broken_template_says_its_line_and_leaves_the_other_pages(page: Page, preview: Preview) -> None:
    shown(page, preview, "about/")
    page.goto(preview.address + "glossary/")
    broken = "{% block content %}\n{{ nothing.at.all }}"
    edit_seen(page, preview, "docs/overrides/all-pages.html", "{% block content %}", broken)
    page.goto(preview.address + "about/")
    expect(page.locator(OVERLAY)).to_have_count(0)
    page.goto(preview.address + "all-pages/")
    expect(page.locator(OVERLAY)).to_contain_text("docs/overrides/all-pages.html, line 4")
    expect(page.locator(OVERLAY)).to_contain_text("nothing")
    preview.edit("docs/overrides/all-pages.html", "{{ nothing.at.all }}", "")
    expect(page.locator("h1")).to_have_text("en all-pages")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{{ hero( }}", "what stands between double braces cannot be read"),
        ("{{ heroe() }}", "there is no component heroe"),
        ("[more](nowhere.md)", "nowhere.md"),
    ],
)
def test_a_slip_in_a_page_stands_over_that_page(written: str, said: str, page: Page, preview: Preview) -> None:
    shown(page, preview, "about/")
    file = preview.project / "docs" / "about.md"
    sound = file.read_text(encoding="utf-8")
    file.write_text(f"{sound}\n{written}\n", encoding="utf-8")
    expect(page.locator(OVERLAY)).to_contain_text(said)
    expect(page.locator(OVERLAY)).to_contain_text("docs/about.md")
    file.write_text(sound, encoding="utf-8")
    expect(page.locator(OVERLAY)).to_have_count(0)


def test_a_new_file_is_a_page_and_a_deleted_one_is_none(page: Page, preview: Preview, good_data: Path) -> None:
    shown(page, preview, "cases/")
    file = good_data / "cases" / "gamma.yml"
    file.write_text("name: Gamma\nprogramme: {en: Gamma work}\nsummary: {en: What was done in Gamma.}\n", "utf-8")
    page.get_by_role("link", name="Gamma").first.click()
    expect(page.locator("h1")).to_have_text("Gamma")
    page.goto(preview.address + "cases/")
    file.unlink()
    expect(page.get_by_role("link", name="Gamma")).to_have_count(0)
    answer = page.request.get(preview.address + "cases/gamma/")
    assert answer.status == 404
    assert "Gamma" not in answer.text()


def test_the_search_finds_what_an_edit_added(page: Page, preview: Preview, good_data: Path) -> None:
    shown(page, preview, "fr/cases/alpha/")
    edit_seen(page, preview, str(good_data / "elements/first.yml"), "aliases: [number one]", "aliases: [zanzibarism]")
    page.get_by_role("searchbox").fill("zanzibarism")
    expect(page.locator(".search a").first).to_contain_text("Premier")


def test_mkdocs_serve_is_the_same_preview(page: Page, start: Callable[..., Preview], good_data: Path) -> None:
    preview = start("mkdocs", "serve", "-a", "127.0.0.1:0")
    shown(page, preview)
    preview.edit(str(good_data / "elements/first.yml"), "order: 1", "order: one")
    expect(page.locator(OVERLAY)).to_contain_text("one is not a whole number")
