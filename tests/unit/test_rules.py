"""Every rule is explained in data/rules.yml, with a slip that breaks this rule and no other, and a message kept."""

import ast
import os
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from learning_site import checks, loading, messages, prose, yaml_source
from learning_site.loading import load, load_site
from learning_site.model import Rule, Slip

BAD = Path(__file__).parent / "bad"
RULES: dict[str, Rule] = load_site(Path(__file__).parent.parent.parent / "data").rules


def _nothing_in_cases(data: Path) -> None:
    for path in (data / "cases").iterdir():
        path.unlink()
    testimonies = data / "testimonies.yml"
    testimonies.write_text(testimonies.read_text(encoding="utf-8").replace("  case: alpha\n", ""), encoding="utf-8")


# Slips that no lines of a file can show; their explanation is in words only.
MADE_HERE: dict[str, Callable[[Path], object]] = {
    "not-utf-8": lambda data: (data / "cases" / "beta.yml").write_bytes("name: Bêta\n".encode("latin-1")),
    "empty-file": lambda data: (data / "cases" / "beta.yml").write_text("# Beta\n"),
    "missing-file": lambda data: (data / "questions.yml").unlink(),
    "unknown-file": lambda data: (data / "cases").joinpath("beta.yml").rename(data / "cases" / "beta.yaml"),
    "too-large": lambda data: (data / "cases" / "beta.yml").write_bytes(b"#" * (yaml_source.LARGEST + 1)),
    "control-character": lambda data: _put(data, Slip(file="cases/beta.yml", bad="en: Be\0ta", good="en: Beta")),
    "empty-kind": _nothing_in_cases,
}
OF_PAGES = {"component-marks", "unknown-component", "component-call"}  # see test_small_parts.py
SHOWN = {rule_id: rule.example for rule_id, rule in RULES.items() if rule.example}


def _put(data: Path, slip: Slip) -> None:
    """Write the slip in place of what is right, with the indent that this has in the file."""
    path = data / slip.file
    lines = path.read_text(encoding="utf-8").splitlines()
    good = slip.good.splitlines()
    found = [
        at
        for at in range(len(lines) - len(good) + 1)
        if textwrap.dedent("\n".join(lines[at : at + len(good)])) == textwrap.dedent("\n".join(good))
    ]
    assert len(found) == 1, f"stands {len(found)} times in {slip.file}:\n{slip.good}"
    at = found[0]
    indent = lines[at][: lines[at].index(good[0])]
    lines[at : at + len(good)] = textwrap.indent(slip.bad.rstrip("\n"), indent).split("\n")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("rule", [*SHOWN, *MADE_HERE])
def test_bad_example_breaks_this_rule_alone(rule: str, good_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(good_data.parent)
    assert load(good_data).problems == []
    if rule in SHOWN:
        _put(good_data, SHOWN[rule])
    else:
        MADE_HERE[rule](good_data)
    problems = load(good_data).problems
    assert {problem.rule for problem in problems} == {rule}, "\n".join(map(str, problems))
    assert len(problems) == 1, "one mistake, one message:\n" + "\n".join(map(str, problems))
    kept = BAD / f"{rule}.txt"
    said = "\n".join(map(str, problems)) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        kept.write_text(said, encoding="utf-8")
    assert said == kept.read_text(encoding="utf-8")


def _rules_named_in(module: Path, call: str, position: int) -> set[str]:
    return {
        str(node.args[position].value)
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == call
        and isinstance(node.args[position], ast.Constant)
    }


def _rules_in_code() -> set[str]:
    of_reading = [_rules_named_in(Path(m.__file__), "Wording", 0) for m in (messages, yaml_source, loading)]
    of_pages = _rules_named_in(Path(prose.__file__), "problem", 2)
    assert all([*of_reading, of_pages])
    return set(checks.RULES).union(*of_reading, of_pages)


def test_every_rule_is_explained_and_shown() -> None:
    assert set(RULES) == _rules_in_code()
    assert len(SHOWN) > 55
    assert {rule_id for rule_id in RULES if rule_id not in SHOWN} == MADE_HERE.keys() | OF_PAGES
    assert {path.name for path in BAD.iterdir()} == {f"{rule}.txt" for rule in [*SHOWN, *MADE_HERE]}


def test_a_rule_of_the_checks_says_what_its_code_says() -> None:
    assert checks.RULES
    for name, check in checks.RULES.items():
        assert RULES[name].says.en == " ".join((check.__doc__ or "").split()), name


def test_rules_stand_under_what_they_look_at() -> None:
    of_fields = {wording.rule for wording in messages.FIELD_WORDINGS.values()} | {"bad-value"}
    about = {rule_id: "file" for rule_id in RULES} | dict.fromkeys(of_fields, "field")
    about |= dict.fromkeys(checks.RULES, "records") | dict.fromkeys(OF_PAGES, "page")
    assert {rule_id: rule.about for rule_id, rule in RULES.items()} == about


def test_an_example_is_short() -> None:
    assert SHOWN
    for rule_id, slip in SHOWN.items():
        assert max(slip.bad.count("\n"), slip.good.count("\n")) <= 8, rule_id


def test_a_file_with_a_bad_name_is_named(good_data: Path) -> None:
    (good_data / "cases" / "beta.yml").rename(good_data / "cases" / "Beta Land.yml")
    [problem] = load(good_data).problems
    assert (problem.rule, problem.paste) == ("bad-id", "beta-land.yml")


def test_all_problems_of_all_files_are_said_at_once(good_data: Path) -> None:
    rules = ["unknown-key", "not-a-number", "tab", "bad-date"]
    (good_data / "cases" / "gamma.yml").write_text("name: Gamma\n\tx: y\n")
    for rule in ("unknown-key", "not-a-number", "bad-date"):
        _put(good_data, SHOWN[rule])
    assert {problem.rule for problem in load(good_data).problems} == set(rules)


def test_a_broken_record_does_not_make_others_look_broken(good_data: Path) -> None:
    """What refers to a record that cannot be read is not called unknown, and no source is called unused."""
    (good_data / "glossary.yml").write_text("word:\n  term: [\n")
    assert {problem.rule for problem in load(good_data).problems} == {"open-bracket"}


def test_a_number_taken_twice_is_said_even_while_other_records_are_broken(good_data: Path) -> None:
    for rule in ("element-order", "unknown-key"):
        _put(good_data, SHOWN[rule])
    assert {problem.rule for problem in load(good_data).problems} == {"element-order", "unknown-key"}


def with_claim(folder: Path, text: str, *, private: bool = False) -> list[str]:
    """The problems of a claim; `private` if its source names people who are not public figures."""
    case = folder / "cases" / "alpha.yml"
    claim = "en: Men met again.\n    sources: [s2]"
    before = case.read_text(encoding="utf-8")
    assert claim in before
    case.write_text(
        before.replace(claim, f"en: '{text}'\n    sources: [{'s4' if private else 's2'}]"), encoding="utf-8"
    )
    if private:
        with (folder / "sources.yml").open("a", encoding="utf-8") as sources:
            sources.write(
                "s4: {title: Story, publisher: Publisher, language: en, read: whole, url: https://example.org/4,"
                " names_private_people: true}\n"
            )
    return [f"{problem.rule}: {problem.what}" for problem in load(folder).problems]


def test_a_name_that_starts_a_sentence_is_refused_where_the_source_names_people(good_data: Path) -> None:
    assert with_claim(good_data, "Ramesh told it.", private=True) == [
        "unknown-name: `Ramesh` is a name or an acronym that is neither in wording.yml nor in the glossary"
    ]


def test_an_ordinary_word_may_start_a_sentence_where_the_source_names_people(good_data: Path) -> None:
    assert with_claim(good_data, "Told there: it was told. There it was.", private=True) == []


def test_the_first_word_of_a_sentence_is_no_name_where_the_source_names_nobody(good_data: Path) -> None:
    assert with_claim(good_data, "Nevertheless they met. (Afterwards too.)") == []


@pytest.mark.parametrize(
    "text", ["They joined XYZ.", "It was in Atlantis, they said.", "It began: they met Dr Ramesh."]
)
def test_names_and_acronyms_that_nobody_declared_are_refused(text: str, good_data: Path) -> None:
    assert any("unknown-name" in problem for problem in with_claim(good_data, text))


@pytest.mark.parametrize(
    "text", ["In Alpha and Elsewhere, in May, I met Others.", "A Word in form H.", "See [Deed](glossary:deed)."]
)
def test_declared_names_months_and_terms_are_known(text: str, good_data: Path) -> None:
    assert with_claim(good_data, text) == []


def test_an_avoided_word_may_stand_where_the_site_says_what_is_not_known(good_data: Path) -> None:
    case = good_data / "cases" / "alpha.yml"
    text = case.read_text(encoding="utf-8")
    case.write_text(text.replace("How many men is not known.", "Who wrote so clumsily?"), encoding="utf-8")
    assert load(good_data).problems == []


def test_a_circle_of_safeguards_is_found_over_any_way_and_said_once(good_data: Path) -> None:
    safeguards = good_data / "safeguards.yml"
    text = safeguards.read_text(encoding="utf-8")
    for name, needs in (("listen", "stay"), ("stay", "prepare")):
        before, _, after = text.partition(f"{name}:\n")
        text = before + f"{name}:\n  needs: [{needs}]\n" + after
    safeguards.write_text(text, encoding="utf-8")
    [problem] = load(good_data).problems
    assert problem.rule == "safeguard-circle"
    assert "listen → stay → prepare → listen" in problem.what


def test_safeguards_come_in_the_order_of_need(good_data: Path) -> None:
    site = loading.load_site(good_data)
    assert list(site.safeguards_before("first")) == ["listen", "prepare"]
    assert list(site.safeguards_beside("first")) == ["stay"]


def test_an_unknown_safeguard_is_said_and_nothing_else(good_data: Path) -> None:
    safeguards = good_data / "safeguards.yml"
    safeguards.write_text(safeguards.read_text(encoding="utf-8").replace("[listen]", "[lissen]"), encoding="utf-8")
    assert [problem.rule for problem in load(good_data).problems] == ["unknown-id"]


def test_a_safeguard_that_needs_itself_is_a_circle(good_data: Path) -> None:
    safeguards = good_data / "safeguards.yml"
    safeguards.write_text(safeguards.read_text(encoding="utf-8").replace("[listen]", "[prepare]"), encoding="utf-8")
    [problem] = load(good_data).problems
    assert "prepare → prepare" in problem.what
