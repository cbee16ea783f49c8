"""Every rule has a bad example under its name, which breaks this rule and no other, with a message kept beside it."""

import ast
import os
import shutil
from pathlib import Path

import pytest

from learning_site import checks, loading, messages, yaml_source
from learning_site.loading import load

BAD = Path(__file__).parent / "bad"
EXAMPLES = sorted(path.name for path in BAD.iterdir())
MADE_HERE = {"too-large", "bad-value"}


def _overlaid(folder: Path, example: Path) -> None:
    for path in example.rglob("*"):
        inside = path.relative_to(example)
        if path.name == "DELETE":
            for name in path.read_text().split():
                (folder / name).unlink()
        elif path.is_file() and path.name != "message.txt":
            (folder / inside).parent.mkdir(parents=True, exist_ok=True)
            if path.name == "ui.yml":
                words = (folder / "ui.yml").read_text(encoding="utf-8")
                (folder / "ui.yml").write_text(
                    words.replace("fr practices-other {count}", "fr practices-other"), "utf-8"
                )
            else:
                shutil.copy(path, folder / inside)


@pytest.mark.parametrize("rule", EXAMPLES)
def test_bad_example_breaks_this_rule_alone(rule: str, good_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(good_data.parent)
    assert load(good_data).problems == []
    _overlaid(good_data, BAD / rule)
    problems = load(good_data).problems
    assert {problem.rule for problem in problems} == {rule}, "\n".join(map(str, problems))
    assert len(problems) == 1, "one mistake, one message:\n" + "\n".join(map(str, problems))
    kept = BAD / rule / "message.txt"
    said = "\n".join(map(str, problems)) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        kept.write_text(said, encoding="utf-8")
    assert said == kept.read_text(encoding="utf-8")


def _rules_in_code() -> set[str]:
    found = set(checks.RULES)
    for module in (messages, yaml_source, loading):
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Wording":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


def test_every_rule_has_a_bad_example() -> None:
    rules = _rules_in_code() - MADE_HERE
    assert len(rules) > 40
    assert rules == set(EXAMPLES)


def test_every_rule_says_itself_in_one_paragraph() -> None:
    assert checks.RULES
    for name, rule in checks.RULES.items():
        text = rule.__doc__ or ""
        assert text.strip().endswith("."), name
        assert "\n\n" not in text, name


def test_all_problems_of_all_files_are_said_at_once(good_data: Path) -> None:
    rules = ["unknown-key", "not-a-number", "tab", "bad-date"]
    (good_data / "cases" / "gamma.yml").write_text("name: Gamma\n\tx: y\n")
    for rule in ("not-a-number", "bad-date"):
        _overlaid(good_data, BAD / rule)
    shutil.copy(BAD / "unknown-key" / "cases" / "beta.yml", good_data / "cases" / "beta.yml")
    assert {problem.rule for problem in load(good_data).problems} == set(rules)


def test_a_broken_record_does_not_make_others_look_broken(good_data: Path) -> None:
    """What refers to a record that cannot be read is not called unknown, and no source is called unused."""
    (good_data / "glossary.yml").write_text("word:\n  term: [\n")
    assert {problem.rule for problem in load(good_data).problems} == {"open-bracket"}


def test_a_number_taken_twice_is_said_even_while_other_records_are_broken(good_data: Path) -> None:
    _overlaid(good_data, BAD / "element-order")
    shutil.copy(BAD / "unknown-key" / "cases" / "beta.yml", good_data / "cases" / "beta.yml")
    assert {problem.rule for problem in load(good_data).problems} == {"element-order", "unknown-key"}


def with_claim(folder: Path, text: str, *, private: bool = False) -> list[str]:
    """The problems of a claim; `private` if its source names people who are not public figures."""
    case = folder / "cases" / "alpha.yml"
    claim = "{en: Men met again.}, sources: [s2]"
    before = case.read_text(encoding="utf-8")
    assert claim in before
    case.write_text(
        before.replace(claim, f"{{en: '{text}'}}, sources: [{'s4' if private else 's2'}]"), encoding="utf-8"
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
