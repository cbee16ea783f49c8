"""Publishing to a host that rsync reaches: each release in a folder of its own, and a switch in one step.

Below the folder that is named, `releases/<commit>-<digest>` holds a site and `current` leads to the one that is served;
`history` says in which order they were.
What is not whole has another name and is never served; a release is never changed, so going back needs no upload.
"""

import hashlib
import os
import re
import shlex
import subprocess
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

COMMIT = "commit.txt"  # in a built site: what it was made from
KEPT = 5  # releases that stay on the host
SHELL = "RSYNC_RSH"  # as rsync knows it: the program that reaches a host
HASH = re.compile(r"[0-9a-f]{40,64}")
SHOWN = 12  # signs of a hash in the name of a release
STEPS = resources.files("learning_site").joinpath("publishing.sh")
# A file that did not change keeps its date, so that no visitor fetches it again; the date of its build says nothing.
UPLOAD = ("rsync", "--recursive", "--checksum", "--perms", "--chmod=D755,F644", "--delete")


class CannotPublish(Exception):
    """Why nothing was published, or nothing undone; what was served goes on being served."""


@dataclass(frozen=True)
class Target:
    """A folder on a host, or on this machine if there is no host."""

    host: str | None
    folder: str

    @classmethod
    def read(cls, written: str) -> "Target":
        """`user@host:/folder` as rsync and scp write it, or the path of a folder here."""
        host, colon, folder = written.partition(":")
        if colon and "/" not in host:
            return cls(host, folder)
        return cls(None, str(Path(written).resolve()))

    def at(self, path: str) -> str:
        """A path below the folder as rsync takes it."""
        return f"{self.host}:{self.folder}/{path}" if self.host else f"{self.folder}/{path}"


def publish(site: Path, target: Target, kept: int = KEPT) -> str:
    """Upload a built site beside those before it and switch to it; the name of the release that is served then."""
    if kept < 1:
        raise CannotPublish("at least the release that is served has to stay: --keep 1 or more")
    release = _name(site)
    served = _step(target, "begin")
    beside = [f"--link-dest=../{served}"] if served else []
    _run([*UPLOAD, *beside, f"{site}/", target.at(f"releases/.{release}/")])
    return _step(target, "switch", release, str(kept), failed="people see a whole site; run the command again")


def go_back(target: Target) -> str:
    """Switch to the release that was served before; its name."""
    return _step(target, "back", failed="people see a whole site; look which one before you run the command again")


def _name(site: Path) -> str:
    """What a site was made from and what it holds: two sites of the same name are the same."""
    if not site.is_dir():
        raise CannotPublish(f"there is no folder {site}; build the site first")
    if not (site / "index.html").is_file():
        raise CannotPublish(f"there is no site in {site}: it has no index.html; build the site first, or name another")
    place = site / COMMIT
    commit = place.read_text(encoding="utf-8").strip() if place.is_file() else ""
    if not HASH.fullmatch(commit):
        raise CannotPublish(f"{site} was not built from a commit: commit every change, build it again, then publish")
    digest = hashlib.sha256()
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        digest.update(
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(site).as_posix()}\n".encode()
        )
    return f"{commit[:SHOWN]}-{digest.hexdigest()[:SHOWN]}"


STILL = "what was served is still served"


def _step(target: Target, step: str, *arguments: str, failed: str = STILL) -> str:
    """Let the host do a step; what it says. `failed` is what to say if it does not come to its end."""
    command = ["sh", "-s", "--", step, target.folder, *arguments]
    if target.host:
        command = [*shlex.split(os.environ.get(SHELL, "ssh")), target.host, shlex.join(command)]
    return _run(command, STEPS.read_text(encoding="utf-8"), failed).strip()


def _run(command: list[str], given: str | None = None, failed: str = STILL) -> str:
    try:
        done = subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True, check=False)
    except FileNotFoundError:
        raise CannotPublish(f"{command[0]} is not installed") from None
    if done.returncode:
        raise CannotPublish(f"{command[0]} ended with {done.returncode}; {failed}")
    return done.stdout
