"""The picture, the search words, the addresses, new records, the command line, pages that staff wrote."""

import itertools
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from learning_site import pages, picture, prose, records, search_words
from learning_site.__main__ import main
from learning_site.loading import load, load_site
from learning_site.model import KINDS, Case
from learning_site.rendering import Renderer


@pytest.mark.parametrize("count", [0, 1, 2, 5, 9])
def test_both_strands_meet_every_station(count: int) -> None:
    braid = picture.braid(["Through"], [f"Element {n}" for n in range(count)])
    assert [station.number for station in braid.stations] == list(range(1, count + 1))
    for strand in braid.strands:
        points = re.findall(r"(\d+) (\d+)(?=C|$)", strand)
        inner = [(int(x), int(y)) for x, y in points[1:-1]]
        assert inner == [(station.x, station.y) for station in braid.stations]
        swings = [int(x) > picture.CENTRE for x in re.findall(r"C(\d+) ", strand)]
        assert all(a != b for a, b in itertools.pairwise(swings)), "it changes sides at every station"
        assert all(0 <= int(x) <= braid.width and 0 <= int(y) <= braid.height for x, y in points)
    assert braid.strands[0] != braid.strands[1]


def test_long_names_are_cut_into_lines() -> None:
    station = picture.braid([], ["A name that is far too long for one line of the picture"]).stations[0]
    assert len(station.lines) > 1
    assert all(len(line.text) <= picture.LINE_LENGTH for line in station.lines)


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("égalité", "egalite"),
        ("Ségou", "Segou"),
        ("cœur", "coeur"),
        ("plain", "plain"),
        ("समानता", "समानता"),
        ("Việt", "Viet"),
    ],
)
def test_accents_are_taken_from_latin_words_only(word: str, bare: str) -> None:
    assert search_words.without_accents(word) == bare


def test_the_index_gets_synonyms_and_bare_words(good_data: Path) -> None:
    site = load_site(good_data)
    index = {
        "docs": [
            {"location": "elements/first/", "title": "Première égalité", "text": "<p>L'été à Ségou</p>"},
            {"location": "glossary/#word", "title": "Word", "text": "plain"},
            {"location": "other/", "title": "Other", "text": "plain"},
        ]
    }
    search_words.enrich(index, site, "fr")
    first, term, other = index["docs"]
    assert first["aliases"] == "number one"
    assert first["bare_title"] == "Premiere egalite"
    assert first["boost"] > term["boost"] > other.get("boost", 1)
    assert first["plain"] == "ete a Segou"
    assert term["aliases"] == "term"
    assert "plain" not in term
    assert other.keys() == {"location", "title", "text"}


def test_addresses_and_targets_of_records() -> None:
    assert set(pages.ADDRESSES) == set(KINDS)
    assert pages.location("elements", "x") == "elements/x/"
    assert pages.location("glossary", "x") == "glossary/#x"
    assert pages.location("initiative", "") == "initiative/"
    assert pages.location("site", "") == ""
    assert pages.target("sources", "x") == "/sources.md#x"


def test_navigation_follows_the_data_in_each_language(good_data: Path) -> None:
    site = load_site(good_data)
    prose = {"index.md": "Home", "about.md": "About & more", "guide/a.md": "A", "guide/index.md": "Guide"}
    english = pages.navigation(site, "en", prose)
    french = pages.navigation(site, "fr", {"index.md": "Accueil"})
    assert english[2] == {
        "en elements": [
            {"en elements": "elements/index.md"},
            {"Thread": "elements/thread.md"},
            {"First": "elements/first.md"},
            {"Second": "elements/second.md"},
        ]
    }
    assert french[2]["fr elements"][1] == {"Fil": "elements/thread.md"}  # type: ignore[index]
    everything = {"en all-pages": "all-pages.md"}
    guide = {"Guide": [{"Guide": "guide/index.md"}, {"A": "guide/a.md"}]}
    assert english[-1] == {
        "en about-site": [{"About &amp; more": "about.md"}, {"en checked": "checked.md"}, everything, guide]
    }
    assert french[-1] == {"fr about-site": [{"fr checked": "checked.md"}, {"fr all-pages": "all-pages.md"}]}


def test_front_matter_is_inert(good_data: Path) -> None:
    path = good_data / "cases" / "beta.yml"
    path.write_text(path.read_text().replace("en: Beta\n", 'en: "<b>{{ 7*191 }}</b>: \\"x\\""\n'))
    page = next(page for page in pages.pages(load_site(good_data)) if page.record_id == "beta")
    head = page.source("en").split("---")[1]
    assert "{{" not in head
    assert "<b>" not in head


# ------------------------------------------------------------ the command line


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    result = CliRunner(env={"LEARNING_SITE_DATA": str(folder)}).invoke(main, list(arguments))
    return subprocess.CompletedProcess(arguments, result.exit_code, result.output)


def test_check_says_all_and_fails(good_data: Path) -> None:
    assert run(good_data, "check").returncode == 0
    (good_data / "cases" / "beta.yml").write_text("name: Supportive Men: Nepal\n")
    (good_data / "cases" / "gamma.yml").write_bytes(b"\xff\xfe")
    done = run(good_data, "check")
    assert done.returncode == 1
    assert "beta.yml:1:21: error:" in done.stdout
    assert "gamma.yml:1:1: error:" in done.stdout
    assert "2 problems to mend." in done.stdout
    assert "Traceback" not in done.stdout


def test_the_program_is_installed(project: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("learning-site"), "check"], cwd=project, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "kind", [k.name for k in KINDS.values() if k.form != "one record" and k.name not in ("sources", "ui")]
)
def test_a_new_record_is_valid_and_keeps_what_was_there(kind: str, good_data: Path) -> None:
    place = good_data / KINDS[kind].file("new-one")
    before = place.read_bytes() if place.exists() else b""
    done = run(good_data, "new", KINDS[kind].one, "new-one")
    assert done.returncode == 0, done.stdout
    assert place.read_bytes().startswith(before)
    loaded = load(good_data)
    assert loaded.problems == []
    assert loaded.site is not None
    assert "new-one" in loaded.site.kind(kind)
    text = place.read_text(encoding="utf-8")
    assert "# " in text
    new = text[len(before.decode()) :]
    assert "former_ids" not in new, "what commands write is not offered"
    assert "made_from" not in new


def test_a_new_record_claims_nothing_and_says_what_is_left(good_data: Path) -> None:
    done = run(good_data, "new", "safeguard", "new-one", "--source", "s2")
    place = good_data / "safeguards.yml"
    lines = place.read_text(encoding="utf-8").splitlines()
    said = [line.partition(": ")[2].split(":", 2)[1:] for line in done.stdout.splitlines() if "left to do" in line]
    assert said == [[str(lines.index("    en: Not written yet.") + 1), " en: Not written yet."]]
    new = lines[lines.index("new-one:") :]
    assert "  sources: [s2]" in new
    assert "  placed_by: editors" in new
    again = run(good_data, "new", "safeguard", "other", "--source", "s99")
    assert again.returncode == 1
    assert "there is no source `s99`" in again.stdout
    assert place.read_text(encoding="utf-8").splitlines() == lines


def test_every_key_that_can_be_left_out_stands_in_a_comment_and_is_right_when_taken_out(good_data: Path) -> None:
    run(good_data, "new", "case", "new-one")
    place = good_data / "cases" / "new-one.yml"
    text = place.read_text(encoding="utf-8")
    for name in set(Case.model_fields) - {"former_ids", "name", "programme", "summary"}:
        assert f"# {name}:" in text
    filled = text.replace("#     sources: […]", "#     sources: [s1]").replace("# aliases: […]", "aliases: [nairobi]")
    part = filled[filled.index("# context:") : filled.index("# Parts with")]
    place.write_text(filled.replace(part, part.replace("# ", "", 4).replace("…", "Set.")), encoding="utf-8")
    loaded = load(good_data)
    assert loaded.problems == []
    assert loaded.site is not None
    assert loaded.site.cases["new-one"].context[0].sources == ["s1"]


def test_a_new_entry_keeps_the_line_ends_of_the_file(good_data: Path) -> None:
    place = good_data / "tools.yml"
    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    before = place.read_bytes()
    assert run(good_data, "new", "tool", "new-one").returncode == 0
    after = place.read_bytes()
    assert after.startswith(before)
    assert after.count(b"\r\n") == after.count(b"\n")
    assert load(good_data).problems == []


def test_a_new_source_only_lacks_a_claim(good_data: Path) -> None:
    assert run(good_data, "new", "source", "new-one").returncode == 0
    assert [problem.rule for problem in load(good_data).problems] == ["unused-source"]


def test_new_refuses_what_is_there_and_bad_ids(good_data: Path) -> None:
    before = (good_data / "cases" / "alpha.yml").read_bytes()
    assert "already" in run(good_data, "new", "case", "alpha").stdout
    assert (good_data / "cases" / "alpha.yml").read_bytes() == before
    records.rename(good_data.parent, KINDS["cases"], "alpha", "omega").write()
    assert "had it before" in run(good_data, "new", "case", "alpha").stdout
    assert run(good_data, "new", "case", "../evil").returncode == 1
    assert run(good_data, "new", "case", "Kenya").returncode == 1


def test_schema_check_fails_when_stale(good_data: Path) -> None:
    assert run(good_data, "schema", "--check").returncode == 1
    assert run(good_data, "schema").returncode == 0
    assert run(good_data, "schema", "--check").returncode == 0


def test_the_check_tells_the_editor_of_new_ids_but_not_in_ci(good_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    ids = good_data / "schema" / "ids.json"
    assert "wrote" not in run(good_data, "check").stdout
    assert not ids.exists(), "a data folder without schemas gets none"
    run(good_data, "schema")
    assert "wrote" not in run(good_data, "check").stdout
    (good_data / "cases" / "alpha.yml").rename(good_data / "cases" / "delta.yml")
    testimonies = good_data / "testimonies.yml"
    testimonies.write_text(testimonies.read_text(encoding="utf-8").replace("case: alpha", "case: delta"), "utf-8")
    monkeypatch.setenv("CI", "true")
    assert "wrote" not in run(good_data, "check").stdout
    assert run(good_data, "schema", "--check").returncode == 1
    monkeypatch.delenv("CI")
    assert "ids.json, so that the editor knows the ids" in run(good_data, "check").stdout
    assert "delta" in ids.read_text(encoding="utf-8")
    assert "wrote" not in run(good_data, "check").stdout


def test_the_editor_knows_the_ids_after_each_command(good_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.chdir(good_data.parent)
    run(good_data, "schema")
    for arguments, known, gone in (
        (("new", "term", "third", "--source", "s1"), "third", "fourth"),
        (("rename", "term", "third", "fourth"), "fourth", "third —"),
        (("delete", "term", "fourth"), "deed", "fourth"),
    ):
        assert "so that the editor knows the ids" in run(good_data, *arguments).stdout, arguments
        ids = (good_data / "schema" / "ids.json").read_text(encoding="utf-8")
        assert known in ids
        assert gone not in ids
    assert run(good_data, "schema", "--check").returncode == 0


def test_links_needs_a_site(good_data: Path, tmp_path: Path) -> None:
    done = run(good_data, "links", "--site", str(tmp_path / "none"))
    assert done.returncode == 1
    assert "build it first" in done.stdout


# ------------------------------------------------------------ pages that staff wrote


@pytest.mark.parametrize(
    ("source", "rule", "place"),
    [
        ("text\n{{ matrx() }}\n", "unknown-component", (6, 4)),
        ('{{ testimonies("nobody") }}', "unknown-id", (5, 4)),
        ('{{ number_of("cats") }}', "unknown-id", (5, 4)),
        ("{{ matrix(3) }}", "component-call", (5, 4)),
        ("{{ matrix( }}", "component-marks", (5, 1)),
        ("{% if %}", "component-marks", (5, 1)),
    ],
)
def test_wrong_calls_are_said_with_their_place(source: str, rule: str, place: tuple[int, int], good_data: Path) -> None:
    components = Renderer(load_site(good_data), "en").components()
    problems = list(prose.faults(source, "docs/x.md", 5, components))
    assert [(p.rule, (p.line, p.column)) for p in problems] == [(rule, place)]


def test_right_calls_are_fine(good_data: Path) -> None:
    components = Renderer(load_site(good_data), "en").components()
    source = '{{ matrix() }} {{ testimonies("plain-words") }} {% raw %}{{ nope }}{% endraw %}'
    assert list(prose.faults(source, "docs/x.md", 1, components)) == []
