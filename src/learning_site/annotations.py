"""Problems as workflow commands, by which a job of GitHub marks the lines of a file in a review.

GitHub shows ten of them for each step of a job and takes them out of the log, so the usual text stands beside them.
"""

from pathlib import Path

from learning_site.messages import Problem

IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
IN_PROPERTY = {**IN_MESSAGE, ord(":"): "%3A", ord(","): "%2C"}


def annotation(problem: Problem, project: Path) -> str:
    """The workflow command for a problem: where, under which rule, what is wrong and what would be right."""
    said = "\n".join([problem.what, *(f"{label}: {value}" for label, value in problem.help)])
    where = {"file": _below(project, problem.file), "line": problem.line, "col": problem.column, "title": problem.rule}
    properties = ",".join(f"{name}={str(value).translate(IN_PROPERTY)}" for name, value in where.items())
    return f"::error {properties}::{said.translate(IN_MESSAGE)}"


def _below(project: Path, file: str) -> str:
    """A file as it is called from the project, which is not always where the command runs."""
    absolute = Path.cwd() / file
    return absolute.relative_to(project).as_posix() if absolute.is_relative_to(project) else file
