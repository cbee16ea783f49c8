"""Published addresses go on working: a build without one is refused, with what to paste."""

import dataclasses
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from learning_site import addresses, claims, pages, release
from learning_site.__main__ import main
from learning_site.loading import load, load_site
from learning_site.model import Addresses, Released, Site, Withdrawn

MOVED = '<meta http-equiv="refresh" content="1; url={0}"><article><h1 id="moved">Moved</h1><a id="now" href="{0}"></a>'


@pytest.fixture
def site(good_data: Path) -> Site:
    return load_site(good_data)


@pytest.fixture
def built(tmp_path: Path, site: Site) -> Path:
    """A built site in all languages that keeps every promise of the small content."""
    folder = tmp_path / "site"
    for language in site.languages:
        root = folder if language.code == "en" else folder / language.code
        _write(root, "", "home")
        _write(root, "elements/first/", "first", "what-it-is")
        _write(root, "glossary/", "glossary", "word", gone="old-word")
        _write(root, "initiative/", "initiative")
        _write(root, "tools/", "tools")
        _write(root, "tools/old/", moved="../")
    (folder / "sitemap.xml").touch()
    return folder


def _write(root: Path, page: str, *headings: str, moved: str | None = None, gone: str = "none") -> None:
    path = root / page / "index.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn = "".join(f'<h2 id="{heading}">{heading}</h2>' for heading in headings)
    drawn += f'<p class="withdrawn" id="{gone}">'
    path.write_text(MOVED.format(moved) if moved else f"<main id=content><article>{drawn}</article>", encoding="utf-8")


def pasted(said: str) -> list[dict[str, str]]:
    """What a message offers to write in the file of addresses."""
    held = yaml.safe_load(
        "withdrawn:\n" + said.partition("data/addresses.yml ")[2].partition("\n")[2].removeprefix("withdrawn:\n")
    )
    return list(held["withdrawn"])


def promised(site: Site, *released: Released, **more: object) -> Site:
    promise = site.addresses.model_copy(update={"released": list(released), "withdrawn": [], "files": [], **more})
    return dataclasses.replace(site, addresses=promise)


def test_a_site_that_keeps_its_promises_is_fine(built: Path, site: Site) -> None:
    assert list(addresses.broken(built, site)) == []


def test_a_page_that_is_gone_is_said_once_with_the_languages_that_lack_it(built: Path, site: Site) -> None:
    (built / "fr" / "elements" / "first" / "index.html").unlink()
    (built / "ne" / "elements" / "first" / "index.html").unlink()
    (said,) = addresses.broken(built, site)
    assert "\n  elements/first/ (fr, ne)\n" in said
    assert pasted(said) == [{"address": "elements/first/", "leads_to": ""}], "there is no elements/ above it here"


def test_a_place_that_is_gone_is_said_with_its_page_and_never_with_a_guess(built: Path, site: Site) -> None:
    for root in (built, built / "fr", built / "ne"):
        _write(root, "elements/first/", "first", "what-it-was")
    (said,) = addresses.broken(built, site)
    assert pasted(said) == [{"address": "elements/first/#what-it-is", "leads_to": "elements/first/"}]


def test_what_is_offered_can_be_pasted_into_a_file_of_any_state(built: Path, site: Site) -> None:
    home, gone = Released(page="", anchors=["by-word"]), Released(page="gone/")
    (first,) = addresses.broken(built, promised(site, home, gone))
    assert "in place of `withdrawn: []` write:\nwithdrawn:\n  - address" in first
    (more,) = addresses.broken(built, dataclasses.replace(site, addresses=with_released(site, home, gone)))
    assert "write below `withdrawn:`" in more
    wanted = [{"address": "#by-word", "leads_to": ""}, {"address": "gone/", "leads_to": ""}]
    assert pasted(first) == pasted(more) == wanted


def with_released(site: Site, *released: Released) -> Addresses:
    return site.addresses.model_copy(update={"released": list(released)})


def test_what_is_withdrawn_leads_to_a_place_of_the_site_and_is_gone(built: Path, site: Site) -> None:
    def said_of(address: str, leads_to: str) -> list[str]:
        gone = Withdrawn(address=address, leads_to=leads_to, why=None)
        return list(addresses.broken(built, promised(site, withdrawn=[gone])))

    assert said_of("tools/old/", "tools/") == said_of("glossary/#gone", "initiative/#initiative") == []
    assert said_of("glossary/#gone", "tools/old/") == said_of("tools/old/#gone", "sitemap.xml")[3:] == []
    for leads_to in ("nowhere/", "glossary/#nothing", "glossary/#old-word"):
        (said,) = said_of("tools/old/", leads_to)
        assert f"tools/old/ leads to `{leads_to}`, but that is not there" in said
    (said,) = said_of("nowhere/#gone", "tools/")
    assert "there is no such page" in said
    (said,) = said_of("glossary/#word", "tools/")
    assert "taken out, but it is there: glossary/#word" in said


@pytest.mark.parametrize("address", ["tools/old", "tools.html", "tools/old#place"])
def test_what_is_withdrawn_is_a_page_or_a_place_on_one(address: str, good_data: Path) -> None:
    held = good_data / "addresses.yml"
    held.write_text(held.read_text(encoding="utf-8").replace("tools/old/", f'"{address}"'), encoding="utf-8")
    (problem,) = load(good_data).problems
    assert (problem.rule, problem.what[: len(address) + 2]) == ("bad-place", f"`{address}`")


def test_after_a_rename_a_lost_place_is_withdrawn_from_the_page_as_it_is_called_now(
    built: Path, good_data: Path
) -> None:
    first = good_data / "elements" / "first.yml"
    first.write_text(f"{first.read_text(encoding='utf-8')}former_ids: [eldest, elder]\n", encoding="utf-8")
    for root in (built, built / "fr", built / "ne"):
        _write(root, "elements/eldest/", moved="../first/")
        _write(root, "elements/elder/", moved="../first/")
    renamed = load_site(good_data)
    pages_before = [Released(page=f"elements/{one}/", anchors=["lost"]) for one in ("eldest", "elder", "first")]
    site = dataclasses.replace(renamed, addresses=with_released(renamed, *pages_before))
    (said,) = addresses.broken(built, site)
    assert pasted(said) == [{"address": "elements/first/#lost", "leads_to": "elements/first/"}]
    for held_as in ("first", "elder", "eldest"):
        gone = Withdrawn(address=f"elements/{held_as}/#lost", leads_to=f"elements/{held_as}/", why=None)
        held = site.addresses.model_copy(update={"withdrawn": [gone, gone.model_copy(), *site.addresses.withdrawn]})
        kept = dataclasses.replace(site, addresses=held)
        assert pages.withdrawn_places(kept)["elements/first/"] == {"lost": gone}
        assert pages.place_now(pages.moved(kept), gone.leads_to) == "elements/first/"
        for root in (built, built / "fr", built / "ne"):
            _write(root, "elements/first/", "first", gone="lost")
        assert list(addresses.broken(built, kept)) == []


def test_pages_that_moved_more_than_once_are_followed_with_the_place() -> None:
    moved = {"a/": "b/", "b/": "c/#d", "x/": "y/", "y/": "x/"}
    assert pages.place_now(moved, "a/") == "c/#d"
    assert pages.place_now({"a/": "b/"}, "a/#e") == "b/#e"
    assert pages.place_now(moved, "a/#e") == "c/#d", "a page that was taken out has no places any more"
    assert pages.place_now(moved, "x/") in ("x/", "y/")


def test_a_claim_that_has_gone_to_another_record_is_said_with_its_new_address(built: Path, site: Site) -> None:
    claim = claims.all_of(site)[0]
    page = Released(page="glossary/", anchors=[claim.anchor])
    (said,) = addresses.broken(built, promised(site, page))
    assert pasted(said) == [{"address": f"glossary/#{claim.anchor}", "leads_to": claim.location}]


def test_a_file_that_is_gone_is_said(built: Path, site: Site) -> None:
    (built / "sitemap.xml").unlink()
    assert list(addresses.broken(built, site)) == ["the file sitemap.xml was published and is no more: put it back"]


@pytest.mark.parametrize(("there", "broken"), [(["first", "what-it-is"], 0), (["first"], 1)])
def test_a_page_that_was_renamed_keeps_its_places_where_it_is_now(
    built: Path, site: Site, there: list[str], broken: int
) -> None:
    for root in (built, built / "fr", built / "ne"):
        _write(root, "elements/new/", *there)
        _write(root, "elements/first/", moved="../between/")
        _write(root, "elements/between/", moved="../new/")
    assert len(list(addresses.broken(built, site))) == broken


def test_a_heading_named_after_a_record_is_renamed_with_it(built: Path, good_data: Path) -> None:
    first = good_data / "elements" / "first.yml"
    first.write_text(f"{first.read_text(encoding='utf-8')}former_ids: [eldest]\n", encoding="utf-8")
    site = promised(load_site(good_data), Released(page="glossary/", anchors=["in-eldest"]))
    assert len(list(addresses.broken(built, site))) == 1
    for root in (built, built / "fr", built / "ne"):
        _write(root, "glossary/", "in-first")
    assert list(addresses.broken(built, site)) == []


def test_pages_that_lead_in_a_circle_are_no_page(built: Path, site: Site) -> None:
    for root in (built, built / "fr", built / "ne"):
        _write(root, "elements/first/", moved="../again/")
        _write(root, "elements/again/", moved="../first/")
    assert len(list(addresses.broken(built, site))) == 1


def test_a_page_that_was_taken_out_owes_no_places(built: Path, site: Site, good_data: Path) -> None:
    held = good_data / "addresses.yml"
    text = held.read_text(encoding="utf-8")
    held.write_text(addresses.with_withdrawn(text, {"elements/first/": "glossary/#word"}), encoding="utf-8")
    for root in (built, built / "fr", built / "ne"):
        _write(root, "elements/first/", moved="../../glossary/#word")
    assert list(addresses.broken(built, load_site(good_data))) == []


@pytest.mark.parametrize(
    "before",
    [
        "withdrawn: []\nreleased: []\n",
        "withdrawn:\n  - {address: a/, leads_to: b/}\n",
        "withdrawn: # ours\n\n# why\n- address: a/\n  leads_to: b/\nfiles: []\n",
        "# ours\nreleased: []\n",
        "# ours\n",
    ],
)
def test_more_can_be_withdrawn_in_any_file(before: str) -> None:
    held = yaml.safe_load(addresses.with_withdrawn(before, {"c/#d": "c/"}))["withdrawn"]
    assert {"address": "c/#d", "leads_to": "c/"} in held
    assert yaml.safe_load(addresses.with_withdrawn(before, {"#d": ""}))["withdrawn"][0] == {
        "address": "#d",
        "leads_to": "",
    }
    assert len(held) == before.count("address") + 1
    assert addresses.with_withdrawn(before, {}) == before


def test_what_belongs_to_one_build_alone_is_not_promised(built: Path, site: Site) -> None:
    for name in ("commit.txt", "feed.xml", "assets/site.css", "_headers"):
        (built / name).parent.mkdir(exist_ok=True)
        (built / name).touch()
    assert addresses.in_build(built, site).files == ["feed.xml"]


def test_what_is_promised_only_grows(site: Site) -> None:
    before = promised(site, Released(page="a/", anchors=["x", "y"]), files=["old.zip"]).addresses
    now = promised(site, Released(page="a/", anchors=["y", "z"]), Released(page="b/"), files=["new.zip"]).addresses
    after = addresses.together(before, now)
    assert after.released == [Released(page="a/", anchors=["x", "y", "z"]), Released(page="b/")]
    assert after.files == ["new.zip", "old.zip"]


def test_a_release_gives_every_claim_the_place_that_it_has(good_data: Path, site: Site) -> None:
    before = {placed.location for placed in claims.all_of(site)}
    for file, text in release.claim_ids(good_data, site).items():
        file.write_text(text, encoding="utf-8")
    after = load_site(good_data)
    assert len(before) > 20
    assert {placed.location for placed in claims.all_of(after)} >= before
    ids = [placed.claim.id for placed in claims.all_of(after)]
    assert all(ids)
    assert len(set(ids)) == len(ids), "two claims that say the same have ids of their own"
    assert release.claim_ids(good_data, after) == {}


def test_a_claim_keeps_its_id_when_its_words_change(good_data: Path, site: Site) -> None:
    for file, text in release.claim_ids(good_data, site).items():
        file.write_text(text.replace("Because it matters.", "Because it does."), encoding="utf-8")
    before, after = (claims.all_of(held)[0] for held in (site, load_site(good_data)))
    assert before.claim.said != after.claim.said
    assert before.anchor == after.anchor


def test_the_file_of_addresses_keeps_what_people_wrote(good_data: Path) -> None:
    people = "# Ours\nwithdrawn:\n  - {address: a/, leads_to: ''}  # why\n"
    after = release.as_yaml(f"{people}released: []\n", Addresses(withdrawn=[], released=[Released(page="b/")]))
    assert after.startswith(people)
    (good_data / "addresses.yml").write_text(after, encoding="utf-8")
    assert load(good_data).problems == []
    assert [released.page for released in load_site(good_data).addresses.released] == ["b/"]


@pytest.fixture
def building(good_data: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command while a build ends as it is told to; what it read is held against what is on the disk."""
    project = good_data.parent
    (project / "mkdocs.yml").touch()
    monkeypatch.chdir(project)

    def run(ends_with: int, says: str, *arguments: str) -> Result:
        def build(command: list[str], env: dict[str, str], **_: object) -> subprocess.CompletedProcess[str]:
            assert release.claim_ids(Path(env["LEARNING_SITE_DATA"]), load_site(Path(env["LEARNING_SITE_DATA"]))) == {}
            assert release.claim_ids(good_data, load_site(good_data)) != {}
            _write(Path(command[-1]), "", "home")
            return subprocess.CompletedProcess(command, ends_with, "", says.format(data=env["LEARNING_SITE_DATA"]))

        monkeypatch.setattr(release.subprocess, "run", build)
        return CliRunner().invoke(main, ["release", *arguments])

    return run


def files_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_release_that_fails_says_why_and_writes_nothing(building: Callable[..., Result], good_data: Path) -> None:
    before = files_in(good_data.parent)
    done = building(1, "INFO    -  Building\nWARNING -  {data}/x.yml is wrong:\n  put it back\nAborted\n")
    assert done.exit_code == 1
    assert done.output.endswith("WARNING -  data/x.yml is wrong:\n  put it back\nAborted\n")
    assert "INFO" not in done.output
    assert files_in(good_data.parent) == before


def test_a_release_writes_all_once_the_site_was_built(building: Callable[..., Result], good_data: Path) -> None:
    before = files_in(good_data.parent)
    done = building(0, "", "--check")
    assert (done.exit_code, files_in(good_data.parent)) == (1, before)
    assert "Run: learning-site release" in done.output
    done = building(0, "")
    assert done.exit_code == 0, done.output
    assert release.claim_ids(good_data, load_site(good_data)) == {}
    assert "" in [released.page for released in load_site(good_data).addresses.released]
    assert (good_data.parent / "CITATION.cff").is_file()
