"""Publishing by rsync: all or nothing, one step, and a way back; on this machine and over a real SSH server."""

import contextlib
import getpass
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from learning_site import publishing
from learning_site.publishing import CannotPublish, Target

SSHD = "/usr/sbin/sshd"
HOW = "no rsync or no SSH server: install them (Debian: apt-get install rsync openssh-server)"
pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="publishing needs rsync, which Windows has only in its Linux"
)


@pytest.fixture(autouse=True)
def installed() -> None:
    if not shutil.which("rsync") or not Path(SSHD).is_file():
        if os.environ.get("CI"):
            pytest.fail(HOW, pytrace=False)
        pytest.skip(HOW)


def site(folder: Path, commit: str, home: str) -> Path:
    """A small built site of a commit, whose name is one letter many times."""
    for name, text in {"index.html": home, "same/index.html": "same", publishing.COMMIT: f"{commit * 40}\n"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def one(tmp_path: Path) -> Path:
    return site(tmp_path / "one", "a", "first")


@pytest.fixture
def two(tmp_path: Path) -> Path:
    return site(tmp_path / "two", "b", "second")


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """What a web server would serve is in `current` below this folder."""
    return tmp_path / "a host" / "site"


def releases(host: Path) -> list[str]:
    return sorted(path.name for path in (host / "releases").iterdir())


def home(host: Path) -> str:
    return (host / "current" / "index.html").read_text(encoding="utf-8")


def test_a_release_is_put_beside_those_before_it_and_shares_what_did_not_change(
    one: Path, two: Path, host: Path
) -> None:
    target = Target.read(str(host))
    first = publishing.publish(one, target)
    assert home(host) == "first"
    second = publishing.publish(two, target)
    assert home(host) == "second"
    assert [name[:12] for name in (first, second)] == ["a" * 12, "b" * 12]
    kept = host / "releases"
    assert releases(host) == [first, second]
    assert (kept / first / "index.html").read_text() == "first"
    assert (kept / first / "same/index.html").samefile(kept / second / "same/index.html")
    assert (kept / second / "index.html").stat().st_mode & 0o777 == 0o644


def test_the_way_back_needs_no_upload_and_can_be_gone_again(one: Path, two: Path, host: Path, tmp_path: Path) -> None:
    target = Target.read(str(host))
    first = publishing.publish(one, target)
    publishing.publish(two, target)
    third = publishing.publish(site(tmp_path / "three", "c", "third"), target)
    assert publishing.go_back(target)[0] == "b"
    assert publishing.publish(site(tmp_path / "four", "d", "fourth"), target)[0] == "d"
    assert publishing.go_back(target)[0] == "b", "what was gone back from is not served again"
    assert publishing.go_back(target) == first
    assert home(host) == "first"
    with pytest.raises(CannotPublish):
        publishing.go_back(target)
    assert home(host) == "first"
    assert publishing.publish(tmp_path / "three", target) == third


def test_back_from_a_release_that_was_published_again_leads_to_the_one_in_between(
    one: Path, two: Path, host: Path
) -> None:
    target = Target.read(str(host))
    first, second = publishing.publish(one, target), publishing.publish(two, target)
    assert publishing.publish(one, target) == first
    assert publishing.go_back(target) == second


def test_only_the_last_few_stay_and_never_without_the_one_before(host: Path, tmp_path: Path) -> None:
    target = Target.read(str(host))
    for letter in "abcdef":
        publishing.publish(site(tmp_path / letter, letter, letter), target, kept=3)
    assert [name[0] for name in releases(host)] == ["d", "e", "f"]
    publishing.publish(site(tmp_path / "a", "a", "again"), target, kept=1)
    assert [name[0] for name in releases(host)] == ["a", "f"]


def test_the_same_site_twice_is_one_release_and_another_of_the_same_commit_is_another(one: Path, host: Path) -> None:
    target = Target.read(str(host))
    first = publishing.publish(one, target)
    assert publishing.publish(one, target) == first
    assert releases(host) == [first]
    (one / "index.html").write_text("with handbooks")
    assert publishing.publish(one, target) != first
    assert (host / "releases" / first / "index.html").read_text() == "first"


def test_what_was_not_built_from_a_commit_is_not_published(one: Path, host: Path) -> None:
    (one / publishing.COMMIT).unlink()
    with pytest.raises(CannotPublish, match="not built from a commit"):
        publishing.publish(one, Target.read(str(host)))
    assert not host.exists()


def test_a_visitor_always_finds_a_whole_site_while_releases_change(one: Path, two: Path, host: Path) -> None:
    target = Target.read(str(host))
    publishing.publish(one, target)
    seen, over = [], threading.Event()

    def visit() -> None:
        while not over.is_set():
            try:
                seen.append(home(host))
            except OSError as error:
                seen.append(str(error))

    visitor = threading.Thread(target=visit)
    visitor.start()
    for _ in range(10):
        publishing.publish(two, target)
        publishing.publish(one, target)
    over.set()
    visitor.join()
    assert set(seen) == {"first", "second"}
    assert len(seen) > 1000


def test_an_upload_that_is_killed_leaves_what_was_served(one: Path, two: Path, host: Path, tmp_path: Path) -> None:
    target = Target.read(str(host))
    first = publishing.publish(one, target)
    (two / "large.bin").write_bytes(os.urandom(3_000_000))
    slow = tmp_path / "slow" / "rsync"
    slow.parent.mkdir()
    slow.write_text(f'#!/bin/sh\nexec {shutil.which("rsync")} --bwlimit=300 "$@"\n')
    slow.chmod(0o755)
    running = subprocess.Popen(
        [sys.executable, "-m", "learning_site", "publish", str(host), "--site", str(two)],
        env={**os.environ, "PATH": f"{slow.parent}:{os.environ['PATH']}"},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    unfinished = host / "releases"
    waited = time.monotonic() + 30
    while not list(unfinished.glob(".b*/.large.bin*")):
        assert time.monotonic() < waited, "the upload did not begin"
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    assert home(host) == "first"
    assert (host / "current").resolve().name == first
    second = publishing.publish(two, target)
    assert home(host) == "second"
    assert releases(host) == [first, second], "what was not whole is gone"
    assert (host / "current" / "large.bin").read_bytes() == (two / "large.bin").read_bytes()


TOOLS = ("ln", "mv", "rm")


@pytest.fixture
def killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, bool], None]]:
    """Let the host's shell be killed beside its n-th change, before or after it was made; 0 lets it live."""
    tools, setting = tmp_path / "tools", tmp_path / "setting"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).write_text(
            f"#!/bin/sh\nread -r left after <{setting}\nleft=$((left - 1))\necho $left $after >{setting}\n"
            f'if [ $left != 0 ] || [ $after = yes ]; then {shutil.which(name)} "$@" || exit; fi\n'
            "if [ $left = 0 ]; then kill -9 $PPID; fi\n"
        )
        (tools / name).chmod(0o755)

    def set_to(number: int, after: bool) -> None:
        setting.write_text(f"{number} {'yes' if after else 'no'}\n")

    set_to(0, False)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    yield set_to
    assert int(setting.read_text().split()[0]) < 0, "no tool was asked for"


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("number", range(1, 8))
def test_a_switch_that_is_killed_anywhere_leaves_a_whole_site_and_the_way_back(
    number: int, after: bool, host: Path, tmp_path: Path, killed: Callable[[int, bool], None]
) -> None:
    target = Target.read(str(host))
    sites = {letter: site(tmp_path / letter, letter, letter) for letter in "abcde"}
    for letter in "abc":
        publishing.publish(sites[letter], target, kept=3)
    killed(number, after)
    with contextlib.suppress(CannotPublish):
        publishing.publish(sites["d"], target, kept=3)
    killed(0, False)
    served = home(host)
    assert served in "cd"
    before = {"c": "b", "d": "c"}[served]
    shutil.copytree(host, host.with_name("again"), symlinks=True)
    again = Target.read(str(host.with_name("again")))
    assert publishing.go_back(again)[0] == before
    assert publishing.publish(sites["e"], again)[0] == "e"
    assert publishing.go_back(again)[0] == before, "what was never served, or gone back from, is not what was before"

    assert publishing.publish(sites["d"], target, kept=3)[0] == "d"
    assert home(host) == "d"
    assert [name[0] for name in releases(host)] == ["b", "c", "d"]
    assert [publishing.go_back(target)[0], home(host)] == ["c", "c"]
    assert sorted(path.name for path in host.iterdir()) == ["current", "history", "releases"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("number", range(1, 3))
def test_a_way_back_that_is_killed_anywhere_leaves_a_whole_site(
    number: int, after: bool, host: Path, tmp_path: Path, killed: Callable[[int, bool], None]
) -> None:
    target = Target.read(str(host))
    for letter in "abc":
        publishing.publish(site(tmp_path / letter, letter, letter), target)
    killed(number, after)
    with pytest.raises(CannotPublish, match="whole site"):
        publishing.go_back(target)
    killed(0, False)
    served = home(host)
    assert served == ("b" if (number, after) == (2, True) else "c")
    assert publishing.go_back(target)[0] == {"b": "a", "c": "b"}[served]
    assert publishing.publish(tmp_path / "c", target)[0] == "c"
    assert home(host) == "c"


def test_a_release_that_was_half_removed_is_not_served(
    host: Path, tmp_path: Path, killed: Callable[[int, bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = Target.read(str(host))
    for letter in "abc":
        publishing.publish(site(tmp_path / letter, letter, letter), target)
    weak = tmp_path / "tools" / "rm"
    strong = weak.read_text()
    weak.write_text('#!/bin/sh\nfor last; do :; done\nif [ -d "$last" ]; then unlink "$last/index.html"; exit 1; fi\n')
    assert publishing.publish(site(tmp_path / "d", "d", "d"), target, kept=1)[0] == "d"
    weak.write_text(strong)
    assert publishing.publish(tmp_path / "a", target)[0] == "a"
    assert home(host) == "a"


@pytest.mark.parametrize("kept", [0, -1])
def test_at_least_what_is_served_stays(kept: int, one: Path, host: Path) -> None:
    target = Target.read(str(host))
    publishing.publish(one, target)
    with pytest.raises(CannotPublish, match="--keep 1 or more"):
        publishing.publish(one, target, kept=kept)
    assert home(host) == "first"


def test_a_folder_without_a_site_is_refused(one: Path, host: Path, tmp_path: Path) -> None:
    target = Target.read(str(host))
    with pytest.raises(CannotPublish, match="there is no folder"):
        publishing.publish(tmp_path / "none", target)
    (one / "index.html").unlink()
    with pytest.raises(CannotPublish, match=r"no index\.html"):
        publishing.publish(one, target)
    assert not host.exists()


def test_a_current_that_this_command_did_not_make_is_said(one: Path, host: Path, capfd: Any) -> None:
    (host / "current").mkdir(parents=True)
    with pytest.raises(CannotPublish):
        publishing.publish(one, Target.read(str(host)))
    assert "current is no link" in capfd.readouterr().err
    assert [path.name for path in host.iterdir()] == ["current"]


def test_there_is_no_way_back_in_a_folder_of_something_else(host: Path, capfd: Any) -> None:
    with pytest.raises(CannotPublish):
        publishing.go_back(Target.read(str(host)))
    assert "nothing was published" in capfd.readouterr().err
    assert not host.exists()


@pytest.fixture
def over_ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A host that is reached by SSH: a real server on this machine, with keys of its own."""
    for name in ("host", "visitor"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / name], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # which the server asks for, and only a booted system makes
    settings = tmp_path / "sshd_config"
    settings.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {tmp_path}/host\nAuthorizedKeysFile {tmp_path}/visitor.pub\n"
        f"PidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin prohibit-password\nPasswordAuthentication no\n"
    )
    with (tmp_path / "sshd.log").open("w") as log:
        server = subprocess.Popen([SSHD, "-D", "-e", "-f", settings], stderr=log)
    options = f"-p {port} -i {tmp_path}/visitor -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
    monkeypatch.setenv(publishing.SHELL, f"ssh {options} -o LogLevel=ERROR -o BatchMode=yes -F none")
    waited = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert server.poll() is None, (tmp_path / "sshd.log").read_text()
            assert time.monotonic() < waited
            time.sleep(0.05)
    yield f"{getpass.getuser()}@127.0.0.1"
    server.terminate()
    server.wait()


def test_it_publishes_and_goes_back_over_ssh(one: Path, two: Path, over_ssh: str, tmp_path: Path) -> None:
    folder = tmp_path / "over ssh"
    target = Target.read(f"{over_ssh}:{folder}")
    first = publishing.publish(one, target)
    second = publishing.publish(two, target)
    assert home(folder) == "second"
    assert (folder / "releases" / first / "same/index.html").samefile(folder / "current/same/index.html")
    assert publishing.go_back(target) == first
    assert home(folder) == "first"
    assert shlex.quote(str(folder)) != str(folder), "the folder has a sign that a shell would break at"
    assert second != first


def test_a_host_that_does_not_answer_changes_nothing(one: Path, host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(publishing.SHELL, "false")
    with pytest.raises(CannotPublish, match="what was served is still served"):
        publishing.publish(one, Target.read(f"nowhere:{host}"))
    assert not host.exists()
