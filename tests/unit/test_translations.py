"""How translations stand to their English, and how translators see and mark it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from learning_site import model, translations
from learning_site.__main__ import main
from learning_site.loading import load, load_site
from learning_site.model import Localized, PlainText
from learning_site.rendering import Renderer

ENGLISH = "In the beginning"
MADE_FROM = {"fr": model.text_mark("en", ENGLISH)}
REVIEWED = {"fr": model.text_mark("fr", ENGLISH, "Au début")}


def read(**texts: object) -> PlainText:
    return PlainText.model_validate(texts)


@pytest.mark.parametrize(
    ("text", "standing", "reviewed"),
    [
        (read(en=ENGLISH), "missing", False),
        (read(en=ENGLISH, fr="Au début"), "unmarked", False),
        (read(en=ENGLISH, fr="Au début", made_from=MADE_FROM), "fresh", False),
        (read(en=f" {ENGLISH.replace(' ', '  ')}", fr="Au début", made_from=MADE_FROM), "fresh", False),
        (read(en=ENGLISH, fr="Au début", made_from=MADE_FROM, reviewed=REVIEWED), "fresh", True),
        (read(en=f"{ENGLISH}.", fr="Au début", made_from=MADE_FROM, reviewed=REVIEWED), "stale", False),
        (read(en=ENGLISH, fr="Au tout début", made_from=MADE_FROM, reviewed=REVIEWED), "fresh", False),
        (PlainText.model_validate("Kenya"), "main", True),
    ],
)
def test_a_translation_stands_to_the_english_that_it_was_made_from(
    text: Localized, standing: str, reviewed: bool
) -> None:
    assert text.standing("fr") == standing
    assert text.is_reviewed("fr") == reviewed
    assert text.standing("en") == "main"
    assert text.is_reviewed("en")


def test_a_review_ends_when_the_english_changes_even_if_the_translation_still_fits() -> None:
    changed = f"{ENGLISH} of it"
    marked = {"fr": model.text_mark("en", changed)}
    text = read(en=changed, fr="Au début", made_from=marked, reviewed=REVIEWED)
    assert (text.standing("fr"), text.is_reviewed("fr")) == ("fresh", False)


def test_the_share_counts_english_words_and_never_rounds_up_to_all(good_data: Path) -> None:
    site = load_site(good_data)
    assert site.share_translated("en") == 100
    assert 0 < site.share_translated("ne") < site.share_translated("fr") < 100
    words = [(len(t.en.split()), t.fr is not None) for kind, *_, t in site.texts("fr") if kind not in ("ui", "rules")]
    assert site.share_translated("fr") == 100 * sum(n for n, there in words if there) // sum(n for n, _ in words)


def test_a_quotation_in_its_own_language_is_no_translation(good_data: Path) -> None:
    site = load_site(good_data)
    originals = {
        code: [place for kind, _, place, _ in site.texts(code) if kind == "testimonies"] for code in ("fr", "ne")
    }
    assert len([place for place in originals["ne"] if place == ("quote",)]) == len(site.testimonies)
    assert len([place for place in originals["fr"] if place == ("quote",)]) < len(site.testimonies)


# ---------------------------------------------------------------- what readers see


def test_a_stale_text_is_marked_and_a_missing_one_falls_back(good_data: Path) -> None:
    renderer = Renderer(load_site(good_data), "fr")
    stale = renderer.shown(read(en=ENGLISH, fr="Au *début*", made_from={"fr": "en-0000000"}))
    assert stale == '<span class="outdated" data-mark="fr may-be-outdated">Au &#42;début&#42;</span>'
    assert renderer.shown(read(en=ENGLISH, fr="Au début", made_from=MADE_FROM)) == "Au début"
    assert 'lang="en"' in renderer.shown(read(en=ENGLISH))


# ---------------------------------------------------------------- what translators do


@pytest.fixture
def home(good_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with good data and two pages, one of them in French."""
    folder = good_data.parent
    (folder / "mkdocs.yml").write_text("site_name: x\n")
    docs = folder / "docs" / "more"
    docs.mkdir(parents=True)
    (docs.parent / "about.md").write_text("---\ntitle: About\n---\n\n# About\n\nWords.\n")
    (docs.parent / "about.fr.md").write_text("---\ntitle: À propos\n---\n\n# À propos\n\nDes mots.\n")
    (docs / "index.md").write_text("# More\n")
    (docs / "index.fr.md").write_text("# Plus\n")
    monkeypatch.chdir(folder)
    monkeypatch.delenv("LEARNING_SITE_DATA", raising=False)
    assert load(good_data).problems == []
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["translations", *arguments])


def line_of(path: Path, words: str) -> int:
    return next(n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if words in line)


def test_the_list_says_where_what_and_in_which_agreed_words(home: Path) -> None:
    shown = run("list", "fr", "data/glossary.yml", "--only", "missing")
    assert shown.exit_code == 0
    number = line_of(home / "data" / "glossary.yml", "What is *done*")
    assert f"data/glossary.yml:{number}:3: missing\n    en: What is *done*, as a [word](glossary:word)" in shown.output
    assert "    agreed: Word = Mot" in shown.output
    assert "Deed = " not in shown.output
    assert "stale" not in shown.output.rsplit("\n", 2)[0]
    whole = run("list", "fr").output
    assert ": stale, unreviewed\n    en: A *space*" in whole
    assert "\n    fr: Un *lieu*.\n" in whole
    assert "docs/about.fr.md:1:1: unmarked, unreviewed\n    en: About\n    fr: À propos\n" in whole
    site = load_site(home / "data")
    every = len(list(site.texts("fr"))) + 2
    assert whole.splitlines()[-1].startswith(f"fr: {every} texts, ")
    assert ", 1 stale, " in whole.splitlines()[-1]
    assert whole.splitlines()[-1].endswith(
        f"; {site.share_translated('fr')} % of the words of the content are translated."
    )


def test_one_text_is_marked_by_its_line_and_every_other_byte_stays(home: Path) -> None:
    path = home / "data" / "elements" / "first.yml"
    before = path.read_text(encoding="utf-8")
    number = line_of(path, "Un *lieu*")
    done = run("mark", "fr", f"data/elements/first.yml:{number}")
    assert done.exit_code == 0, done.output
    assert done.output == "1 translation marked as made from the English as it is now.\nwrote data/elements/first.yml\n"
    right = model.text_mark("en", load_site(home / "data").elements["first"].what_it_is[0].text.en)
    assert path.read_text(encoding="utf-8") == before.replace("en-0000000", right)
    assert ": stale" not in run("list", "fr").output
    assert run("mark", "fr", f"data/elements/first.yml:{number}").output.count("wrote") == 0


def test_any_line_of_a_text_names_it_and_a_pasted_column_is_no_harm(home: Path) -> None:
    path = home / "data" / "cases" / "beta.yml"
    path.write_text(
        "name: {en: Beta, fr: Bêta}\n# before\nprogramme:\n  en: Beta work\n  fr: >-\n    du travail\n    à Bêta\n\n"
        "# after\nsummary: {en: What was done.}\n",
        encoding="utf-8",
    )
    before = path.read_text(encoding="utf-8")
    for line in ("2", "8", "9", "10:12"):
        assert "1 translation marked" not in run("mark", "fr", f"data/cases/beta.yml:{line}").output, line
    assert path.read_text(encoding="utf-8") == before
    for line in ("3", "4:7", "6:1:", "7"):
        path.write_text(before, encoding="utf-8")
        done = run("mark", "fr", f"data/cases/beta.yml:{line}")
        assert done.output.startswith("1 translation marked"), line
        assert "    à Bêta\n  made_from: {fr: en-" in path.read_text(encoding="utf-8")


def test_a_page_with_the_line_ends_of_windows_keeps_them(home: Path) -> None:
    page = home / "docs" / "about.fr.md"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    before = page.read_bytes()
    assert run("mark", "fr", "docs/about.fr.md").exit_code == 0
    lines = page.read_bytes().split(b"\r\n")
    assert b"\r\n".join(line for line in lines if b"made_from" not in line) == before
    assert len(lines) == before.count(b"\r\n") + 2
    assert run("list", "fr", "docs/about.fr.md", "--only", "unmarked").output.count("\n") == 1


def test_a_whole_file_is_reviewed_and_the_comments_stay(home: Path) -> None:
    path = home / "data" / "glossary.yml"
    path.write_text(
        "# first\n" + path.read_text(encoding="utf-8").replace("\ndeed:", "\n# between\n\ndeed:  # here"), "utf-8"
    )
    done = run("review", "fr", "data/glossary.yml")
    assert done.output.startswith("1 translation marked as reviewed.\n")
    after = path.read_text(encoding="utf-8")
    assert after.startswith("# first\n")
    assert "\n# between\n\ndeed:  # here\n" in after
    term = load_site(home / "data").glossary["word"].term
    assert term.is_reviewed("fr")
    assert not term.is_reviewed("ne")
    assert run("list", "fr", "data/glossary.yml", "--only", "unreviewed").output.count("unreviewed\n") == 0


def test_a_page_says_once_that_nobody_has_checked_it_until_somebody_has(home: Path) -> None:
    notice = 'class="translation-notice"'
    before = load_site(home / "data")
    assert Renderer(before, "en").glossary_page().count(notice) == 0
    assert Renderer(before, "fr").glossary_page().count(notice) == 1
    files = [str(path) for path in (home / "data").rglob("*.yml") if path.name != "rules.yml"]  # staff read that one
    assert run("review", "fr", *(path for path in files if "glossary" not in path)).exit_code == 0
    partly = Renderer(load_site(home / "data"), "fr")
    assert partly.glossary_page().count(notice) == 1
    assert partly.safeguards_page().count(notice) == 0
    assert run("review", "fr", *files).exit_code == 0
    site = load_site(home / "data")
    assert site.is_reviewed("fr")
    assert not site.is_reviewed("ne")
    assert Renderer(site, "fr").glossary_page().count(notice) == 0
    assert Renderer(site, "fr").translation_notice(reviewed=False).count(notice) == 1
    assert "fr page-outdated" in Renderer(site, "fr").translation_notice(stale=True)
    assert Renderer(site, "ne").glossary_page().count(notice) == 1


def test_pages_are_marked_in_their_front_matter(home: Path) -> None:
    page = home / "docs" / "about.fr.md"
    before = page.read_text(encoding="utf-8")
    assert run("mark", "fr", "docs/about.fr.md", "docs/more/index.fr.md").exit_code == 0
    marked = page.read_text(encoding="utf-8")
    assert [line for line in marked.splitlines() if "made_from" not in line] == before.splitlines()
    english = (home / "docs" / "about.md").read_text(encoding="utf-8")
    assert translations.page_standing(english, marked, "fr") == ("fresh", False)
    assert translations.page_standing(english + "More.", marked, "fr") == ("stale", False)
    assert (home / "docs" / "more" / "index.fr.md").read_text().endswith("---\n# Plus\n")
    assert run("review", "fr", "docs/about.fr.md").exit_code == 0
    checked = page.read_text(encoding="utf-8")
    assert translations.page_standing(english, checked, "fr") == ("fresh", True)
    assert translations.page_standing(english, checked + "Plus.", "fr") == ("fresh", False)
    assert translations.page_standing(english, None, "ne") == ("missing", False)
    assert run("mark", "fr", "docs/about.fr.md").exit_code == 0
    assert page.read_text(encoding="utf-8") == checked


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("data/nothing.yml", "there is no text to translate in data/nothing.yml"),
        ("data/glossary.yml:999", "there is no text to translate on line 999 of data/glossary.yml"),
        ("data/glossary.yml:x", "there is no text to translate in data/glossary.yml:x"),
    ],
)
def test_what_is_not_there_is_said(asked: str, said: str, home: Path) -> None:
    done = run("mark", "fr", asked)
    assert done.exit_code == 1
    assert said in done.output


def test_files_without_texts_can_be_named_with_others(home: Path) -> None:
    done = run("mark", "fr", "data/wording.yml", "data/glossary.yml")
    assert done.exit_code == 0, done.output


def test_the_check_tells_of_unmarked_translations_until_they_are_marked(home: Path) -> None:
    files = [str(path) for path in (home / "data").rglob("*.yml")]
    assert run("mark", "ne", *files).exit_code == 0
    said = CliRunner().invoke(main, ["check"])
    assert said.exit_code == 0
    count = sum(text.standing("fr") == "unmarked" for *_, text in load_site(home / "data").texts("fr"))
    assert count > 10
    assert said.output.splitlines()[1:] == [
        f"{count} of the texts in fr do not say which English they were made from; "
        "see: learning-site translations list fr --only unmarked"
    ]
    assert run("mark", "fr", *files).exit_code == 0
    assert len(CliRunner().invoke(main, ["check"]).output.splitlines()) == 1


def test_content_with_problems_is_mended_first(home: Path) -> None:
    (home / "data" / "questions.yml").unlink()
    done = run("list", "fr")
    assert done.exit_code == 1
    assert "learning-site check" in done.output
