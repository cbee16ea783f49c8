"""Published addresses go on working: a build without one is refused, with what to paste."""

import dataclasses
from pathlib import Path

import pytest
import yaml

from learning_site import addresses, claims, release
from learning_site.loading import load, load_site
from learning_site.model import Addresses, Released, Site

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
        _write(root, "glossary/", "glossary", "word")
    (folder / "sitemap.xml").touch()
    return folder


def _write(root: Path, page: str, *headings: str, moved: str | None = None) -> None:
    path = root / page / "index.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn = "".join(f'<h2 id="{heading}">{heading}</h2>' for heading in headings)
    path.write_text(MOVED.format(moved) if moved else f"<main id=content><article>{drawn}</article>", encoding="utf-8")


def promised(site: Site, *released: Released, **more: object) -> Site:
    promise = site.addresses.model_copy(update={"released": list(released), "withdrawn": [], "files": [], **more})
    return dataclasses.replace(site, addresses=promise)


def test_a_site_that_keeps_its_promises_is_fine(built: Path, site: Site) -> None:
    assert list(addresses.broken(built, site)) == []


def test_a_page_that_is_gone_is_said_once_with_the_languages_that_lack_it(built: Path, site: Site) -> None:
    (built / "fr" / "elements" / "first" / "index.html").unlink()
    (built / "ne" / "elements" / "first" / "index.html").unlink()
    (said,) = addresses.broken(built, site)
    assert said.startswith("elements/first/ was published and is no more (fr, ne)")
    assert yaml.safe_load(said.partition("\n")[2]) == [{"address": "elements/first/", "leads_to": "elements/"}]


def test_a_place_that_is_gone_is_said_with_the_likest_one(built: Path, site: Site) -> None:
    for root in (built, built / "fr", built / "ne"):
        _write(root, "elements/first/", "first", "what-it-was")
    (said,) = addresses.broken(built, site)
    wanted = {"address": "elements/first/#what-it-is", "leads_to": "elements/first/#what-it-was"}
    assert yaml.safe_load(said.partition("\n")[2]) == [wanted]


def test_a_claim_that_has_gone_to_another_record_is_said_with_its_new_address(built: Path, site: Site) -> None:
    claim = claims.all_of(site)[0]
    page = Released(page="glossary/", anchors=[claim.anchor])
    (said,) = addresses.broken(built, promised(site, page))
    assert f"leads_to: {claim.location}" in said


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


@pytest.mark.parametrize("before", ["withdrawn: []\nreleased: []\n", "withdrawn:\n  - {address: a/, leads_to: b/}\n"])
def test_more_can_be_withdrawn_in_any_file(before: str) -> None:
    held = yaml.safe_load(addresses.with_withdrawn(before, {"c/#d": "c/"}))["withdrawn"]
    assert {"address": "c/#d", "leads_to": "c/"} in held
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
