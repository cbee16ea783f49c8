"""Pages that staff wrote: their titles, which components they call, and what is wrong with a call."""

from collections.abc import Callable, Iterator, Mapping

from jinja2 import Environment, TemplateSyntaxError, nodes
from mkdocs.utils import get_markdown_title
from mkdocs.utils.meta import get_data

from learning_site.messages import Problem, listed, nearest

GIVEN = frozenset(
    {"config", "extra", "page", "navigation", "files", "environment", "plugin", "git", "macros_info", "now"}
)

LAST = 1000  # the place of a page that says none


def title(source: str) -> str | None:
    """The title of a page: that of its front matter, or else its first heading; None if it has neither."""
    text, meta = get_data(source)
    return str(meta["title"]) if meta.get("title") else get_markdown_title(text)


def order(source: str) -> int:
    """The place of a page among its neighbours, by its front matter; those that say none come last."""
    found = get_data(source)[1].get("order")
    return found if isinstance(found, int) else LAST


class UnknownRecord(LookupError):
    """A component was called with an id that no record has; the text says which there are."""


def faults(source: str, file: str, first_line: int, components: Mapping[str, Callable[..., str]]) -> Iterator[Problem]:
    """What is wrong with the calls of a page. `first_line` is the line of the file on which `source` starts."""
    lines = source.split("\n")

    def problem(lineno: int, word: str, rule: str, what: str, **more: str | None) -> Problem:
        line = lines[lineno - 1] if lineno <= len(lines) else ""
        column = line.find(word) + 1 if word else 1
        return Problem(file, first_line + lineno - 1, max(column, 1), rule, what, line, **more)

    try:
        tree = Environment().parse(source)
    except TemplateSyntaxError as error:
        what = f"what stands between double braces cannot be read: {error.message}"
        yield problem(error.lineno, "{{", "component-marks", what, allowed='{{ name() }} or {{ name("id") }}')
        return
    called = list(tree.find_all(nodes.Call))
    for name in tree.find_all(nodes.Name):
        if name.ctx == "load" and name.name not in components and name.name not in GIVEN:
            right = nearest(name.name, components)
            what = f"there is no component `{name.name}`"
            paste = f"{{{{ {right}() }}}}" if right else None
            yield problem(
                name.lineno,
                name.name,
                "unknown-component",
                what,
                allowed=listed(components, 20),
                nearest=right,
                paste=paste,
            )
    for call in called:
        if isinstance(call.node, nodes.Name) and call.node.name in components:
            try:
                arguments = [argument.as_const() for argument in call.args]
                components[call.node.name](*arguments, **{key.key: key.value.as_const() for key in call.kwargs})
            except nodes.Impossible:
                continue
            except UnknownRecord as error:
                yield problem(call.lineno, call.node.name, "unknown-id", str(error))
            except TypeError as error:
                what = f"`{call.node.name}` is called with the wrong number of values"
                yield problem(call.lineno, call.node.name, "component-call", what, allowed=str(error).split(".")[-1])
