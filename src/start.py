"""The commands of the README: show the site, pass all tests, build. Needs only Python 3.11 or newer and pip.

Sets up .venv with the locked packages the first time, and again only when the lock has changed.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ENVIRONMENT = PROJECT / ".venv"
PROGRAMS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
STAMP = ENVIRONMENT / "made-from.txt"
USAGE = "python3 src/start.py serve | build | test [what to test] | set-up"


def run(*command: object) -> None:
    """Run a program of the environment; end with its code if it fails."""
    name, *arguments = (str(part) for part in command)
    program = next((p for p in (PROGRAMS / name, PROGRAMS / f"{name}.exe") if p.exists()), name)
    # The theme's notice of its end of life is known: see docs/maintain/decisions.md.
    done = subprocess.run([str(program), *arguments], cwd=PROJECT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    if done.returncode:
        sys.exit(done.returncode)


def set_up() -> None:
    """Make .venv from requirements.txt, unless it was made from the same one."""
    locked = (PROJECT / "requirements.txt").read_bytes() + (PROJECT / "pyproject.toml").read_bytes()
    wanted = hashlib.sha256(locked + sys.version.encode() + str(PROJECT).encode()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    print("Setting up, once; this takes about half a minute …", flush=True)
    # Without pip inside: the pip that is here installs into it, so Debian's missing ensurepip does not matter.
    run(sys.executable, "-m", "venv", "--clear", "--without-pip", ENVIRONMENT)
    python = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", "install", "-q"]
    run(*pip, "--require-hashes", "-r", "requirements.txt")
    run(*pip, "--no-deps", "--no-build-isolation", "-e", ".")
    STAMP.write_text(wanted)


def main() -> None:
    """Do what the first word says."""
    verb, *rest = sys.argv[1:] or [""]
    if verb not in ("serve", "build", "test", "set-up"):
        sys.exit(USAGE)
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts this may have an older one
        sys.exit("This needs Python 3.11 or newer.")
    set_up()
    if verb == "test":
        run("ruff", "format", "--check", ".")
        run("ruff", "check", ".")
        run("mypy")
        # By file, so that what a file needs is made once; more than cores, because browsers wait more than they work.
        run("pytest", "-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile", *rest)
    elif verb == "build":
        os.environ.setdefault("LEARNING_SITE_HANDBOOK", "if-possible")
        run("mkdocs", "build", *rest)
    elif verb == "serve":
        run("learning-site", "preview", *rest)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print()
