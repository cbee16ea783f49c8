"""The preview draws the pages one by one, and they are those of the build."""

import os
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from selectolax.lexbor import LexborHTMLParser

from learning_site.editions import Edition, configured
from learning_site.loading import load_site
from learning_site.model import LANGUAGES, LanguageCode, Site
from learning_site.rendering import Renderer

ONLY_PUBLISHED = {"offline/index.html", "data/index.html"}  # a preview makes no files to take away


def article(file: Path) -> str:
    (found,) = LexborHTMLParser(file.read_text(encoding="utf-8")).css("article")
    return found.html or ""


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_is_drawn_as_in_the_build(
    code: LanguageCode, project: Path, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", os.environ.get("BUILT_AT", "1700000000"))  # the day of `built`
    main = code == LANGUAGES[0]
    inside, drawn = (folder if main else folder / code for folder in (built, tmp_path))
    config = configured(
        str(project / "mkdocs.yml"), tmp_path, "http://127.0.0.1/", None if main else code, "serve", strict=False
    )
    edition = Edition(config, config.theme.get_env())
    paths = [path.relative_to(inside).as_posix() for path in inside.rglob("index.html")]
    paths = [path for path in paths if path.split("/")[0] not in LANGUAGES]
    assert len(paths) > 40
    for path in sorted(paths):
        assert edition.has(path), path
        assert edition.draw(path) == []
        if path not in ONLY_PUBLISHED:
            assert article(drawn / path) == article(inside / path), path
    assert edition.draw_missing() == []
    assert "not-found" in article(drawn / "404.html")


def test_other_content_on_the_same_pages_is_shown_as_in_a_new_edition(project_copy: Path, tmp_path: Path) -> None:
    def edition(into: str) -> Edition:
        folder = tmp_path / into
        config = configured(str(project_copy / "mkdocs.yml"), folder, "http://127.0.0.1/", "fr", "serve", strict=False)
        return Edition(config, config.theme.get_env())

    renewed = edition("renewed")
    renewed.index()  # all pages are drawn as they were, and in the index
    element = next((project_copy / "data" / "elements").glob("*.yml"))
    for file, after in ((element, "what_it_is:"), (project_copy / "data" / "glossary.yml", "definition:")):
        text = file.read_text(encoding="utf-8")
        place = text.index(after)
        edited = text[:place] + text[place:].replace(" fr: ", " fr: Ceci est nouveau. ", 1)
        assert edited != text
        file.write_text(edited, encoding="utf-8")
    assert renewed.renew(load_site(project_copy / "data"))
    renewed.index()
    new = edition("new")
    new.index()
    drawn = sorted(path.relative_to(tmp_path / "new") for path in (tmp_path / "new").rglob("*.*") if path.is_file())
    assert len(drawn) > 50
    for path in drawn:
        assert (tmp_path / "renewed" / path).read_bytes() == (tmp_path / "new" / path).read_bytes(), path
    assert "Ceci est nouveau." in (tmp_path / "new" / "fr" / "elements" / element.stem / "index.html").read_text(
        "utf-8"
    )


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("elements/conscientization.yml", "Conscientization", "Awakening"),
        ("ui.yml", "Home", "Start"),
        ("site.yml", "address: https://", "address: https://www."),
    ],
)
def test_what_changes_more_than_what_pages_say_takes_a_new_edition(
    file: str, before: str, after: str, project_copy: Path, tmp_path: Path
) -> None:
    config = configured(
        str(project_copy / "mkdocs.yml"), tmp_path / "site", "http://127.0.0.1/", None, "serve", strict=False
    )
    edition = Edition(config, config.theme.get_env())
    path = project_copy / "data" / file
    text = path.read_text(encoding="utf-8")
    content = text.index("\n\n")  # after the comment at the top
    assert before in text[content:]
    path.write_text(text[:content] + text[content:].replace(before, after, 1), encoding="utf-8")
    assert not edition.renew(load_site(project_copy / "data"))


def test_a_component_that_fails_is_said_at_the_line_of_its_template_and_not_drawn(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.md.j2").write_text("# A part\n{{ nothing.here }}\n", encoding="utf-8")
    broken = Environment(loader=FileSystemLoader(tmp_path), undefined=StrictUndefined)
    monkeypatch.setattr(Renderer, "matrix_page", lambda _: broken.get_template("broken.md.j2").render())
    into = tmp_path / "site"
    config = configured(str(project / "mkdocs.yml"), into, "http://127.0.0.1/", None, "serve", strict=False)
    edition = Edition(config, config.theme.get_env())
    (problem,) = edition.draw("matrix/index.html")
    assert (Path(problem.file).name, problem.line, problem.rule) == ("broken.md.j2", 2, "template")
    assert problem.source == "{{ nothing.here }}"
    assert "nothing" in problem.what
    assert not (into / "matrix" / "index.html").exists()
    assert edition.draw("glossary/index.html") == []


def test_a_page_of_staff_that_shows_a_testimony_of_violence_can_be_left(
    project_copy: Path, tmp_path: Path, real_site: Site
) -> None:
    """Staff need not think of it: who asks for such a testimony gets the way out with it, in every language."""
    spoken = next(i for i, testimony in real_site.testimonies.items() if testimony.speaks_of)
    other = next(i for i, testimony in real_site.testimonies.items() if not testimony.speaks_of)
    for name, shown in (("told", spoken), ("other", other)):
        (project_copy / "docs" / f"{name}.md").write_text(f'# {name}\n\n{{{{ testimonies("{shown}") }}}}\n')
    into = tmp_path / "site"
    config = configured(str(project_copy / "mkdocs.yml"), into, "http://127.0.0.1/", None, "serve", strict=False)
    edition = Edition(config, config.theme.get_env())
    assert edition.draw("told/index.html") == edition.draw("other/index.html") == []
    told, said = (LexborHTMLParser((into / name / "index.html").read_text()) for name in ("told", "other"))
    assert [len(page.css("a.exit__link")) for page in (told, said)] == [1, 0]
    assert [len(page.css(".content-note")) for page in (told, said)] == [1, 0]
