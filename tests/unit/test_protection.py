"""One security policy in three places, strict in each."""

from learning_site import protection


def directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (part.split() for part in policy.split(";"))}


def test_nothing_is_allowed_but_what_the_site_itself_holds() -> None:
    for in_page in (True, False):
        found = directives(protection.policy(in_page))
        assert found["default-src"] == ["'none'"]
        assert {value for values in found.values() for value in values} == {"'none'", "'self'"}
        assert ("frame-ancestors" in found) == (not in_page), "a page cannot say who may frame it"


def test_scripts_may_compile_where_the_search_needs_it_and_nothing_else_changes() -> None:
    for in_page in (True, False):
        usual, compiling = (directives(protection.policy(in_page, compiles)) for compiles in (False, True))
        assert compiling.pop("script-src") == [*usual.pop("script-src"), "'wasm-unsafe-eval'"]
        assert compiling == usual
    assert "'wasm-unsafe-eval'" in protection.host_files(["fr"], compiles=True)[".htaccess"]


def test_both_kinds_of_host_send_the_same_headers() -> None:
    files = protection.host_files(["fr"])
    netlify = dict(line.strip().split(": ", 1) for line in files["_headers"].splitlines()[1:])
    apache = {}
    for line in files[".htaccess"].splitlines():
        if line.strip().startswith("Header "):
            name, value = line.split("always set ")[1].split(" ", 1)
            apache[name] = value.strip('"')
    assert netlify == apache == protection.headers()
    assert netlify["Referrer-Policy"] == "no-referrer"
    assert netlify["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in netlify["Permissions-Policy"]


def test_each_language_has_its_own_page_for_what_is_not_there() -> None:
    apache = protection.host_files(["fr", "ne"])[".htaccess"]
    assert [line.split()[-1] for line in apache.splitlines() if "ErrorDocument" in line] == [
        "/404.html", "/fr/404.html", "/ne/404.html",
    ]  # fmt: skip
