"""Imports go one way, the door is thin, names say things, and no content is in code."""

import ast
import fnmatch
import re
from pathlib import Path

# Each module may import those before it; the two doors and the command line come last.
ORDER = [
    "model", "messages", "annotations", "explanation", "slips", "yaml_source", "yaml_edit", "prose", "translations",
    "history", "staff_markdown", "first_uses", "checks", "loading", "picture", "charts", "pages", "claims",
    "citing", "citation_formats", "references", "bibliography", "citation_file", "language_codes", "source_import",
    "addresses", "published", "tables", "open_data", "data_dictionary", "feed", "structured_data", "search_words",
    "search_chunks", "output_check", "protection", "captions", "schema", "new_record", "reviews", "links",
    "link_status", "rendering", "downloads", "browser", "tagged_pdf", "handbook", "records", "commit", "sbom",
    "publishing", "proof", "release", "page_markdown", "editions", "zensical_project", "preview", "mkdocs_events",
    "__main__",
]  # fmt: skip
FORBIDDEN = {
    "citation_formats": {"*"},
    "publishing": {"*"},
    "sbom": {"*"},
    "commit": {"*"},
    "feed": {"loading", "checks", "yaml_source"},
    "structured_data": {"loading", "checks", "yaml_source"},
    "model": {"*"},
    "yaml_source": {"model", "checks", "loading"},
    "staff_markdown": {"*"},
    "checks": {"yaml_source", "loading"},
    "pages": {"loading", "checks", "yaml_source"},
    "rendering": {"loading", "yaml_source"},
    "picture": {"*"},
    "charts": {"*"},
    "first_uses": {"staff_markdown", "checks", "loading", "yaml_source"},
    "output_check": {"*"},
    "protection": {"*"},
    "captions": {"*"},
    "annotations": {"model"},
}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("learning_site"):
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
    return found


def test_imports_go_one_way(project: Path) -> None:
    modules = {path.stem: imports(path) for path in (project / "src" / "learning_site").glob("*.py")}
    modules.pop("__init__")
    assert set(modules) == set(ORDER)
    assert sum(map(len, modules.values())) > 20
    for name, used in modules.items():
        assert all(ORDER.index(other) < ORDER.index(name) for other in used), f"{name} imports {used}"
        assert not (FORBIDDEN.get(name) == {"*"} and used), f"{name} must know no other module"
        assert not used & FORBIDDEN.get(name, set()), name


def test_the_door_is_thin(project: Path) -> None:
    lines = (project / "macros.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 60
    assert not any(line.startswith("class ") for line in lines)


def test_each_module_says_what_it_knows(project: Path) -> None:
    modules = list((project / "src").rglob("*.py"))
    assert len(modules) > 10
    for path in modules:
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path
        assert path.stem not in {"utils", "helpers", "common"}


def test_no_content_and_no_markup_in_code(project: Path) -> None:
    places = [project / "macros.py", *(project / "src").rglob("*.py"), *(project / "src").rglob("*.j2")]
    assert len(places) > 40
    named = re.compile(r"\b(Mali|Nepal|mali|nepal|conscientization|six)\b")
    markup = re.compile(r"[\"'f]<(div|span|a|p|h[1-6]|ul|li|table|svg)[ >]")
    for path in places:
        text = path.read_text(encoding="utf-8")
        assert not named.search(text), path
        assert path.suffix != ".py" or not markup.search(text), path


def test_no_address_of_a_registry_or_a_machine(project: Path) -> None:
    lock = (project / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--hash=sha256:" in lock
    assert not (project / "uv.lock").exists()


def test_no_file_of_ours_is_hidden_from_git(project: Path) -> None:
    """A pattern such as `site/` also hides tests/site/; what is only at the top says so with a slash before it."""
    patterns = [line for line in (project / ".gitignore").read_text(encoding="utf-8").splitlines() if line]
    anywhere = [pattern.rstrip("/") for pattern in patterns if not pattern.startswith(("#", "/"))]
    assert len(anywhere) > 3
    ours = [path for name in ("src", "tests", "docs", "data") for path in (project / name).rglob("*")]
    assert len(ours) > 200
    hidden = {path.name for path in ours for pattern in anywhere if fnmatch.fnmatch(path.name, pattern)}
    assert {name for name in hidden if name != "__pycache__" and not name.endswith(".pyc")} == set()
