"""Which commit is built, and when it was made. A build takes its day from here, so it is the same whenever it runs.

Knows git, nothing of the site.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Commit:
    """A commit: its full hash, and the second since 1970 in which it was made."""

    hash: str
    time: int


def of(project: Path) -> Commit | None:
    """The commit that a folder holds; None if something in it was changed since, or if git knows nothing of it."""
    try:
        if _said(project, "status", "--porcelain"):
            return None
        found, time = _said(project, "log", "-1", "--format=%H %ct").split()
    except (OSError, subprocess.CalledProcessError):
        return None
    return Commit(found, int(time))


def _said(project: Path, *command: str) -> str:
    done = subprocess.run(["git", *command], cwd=project, capture_output=True, text=True, check=True)
    return done.stdout.strip()
