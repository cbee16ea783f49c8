"""Stands in for GitHub's `gh` in the tests of workflows: what a repository holds is in the JSON file that STATE names.

It knows only what the workflows ask, and stops at anything else.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

STATE = Path(os.environ["STATE"])
state: dict[str, Any] = json.loads(STATE.read_text(encoding="utf-8"))


def answer(value: Any, query: str | None) -> None:
    if query:
        done = subprocess.run(["jq", "-r", query], input=json.dumps(value), capture_output=True, text=True, check=True)
        sys.stdout.write(done.stdout)


def issue() -> None:
    verb, *rest = sys.argv[2:]
    parser = argparse.ArgumentParser()
    if verb == "edit":
        parser.add_argument("number", type=int)
    for name in ("label", "state", "limit", "json", "jq", "title", "body-file"):
        parser.add_argument(f"--{name}")
    asked = parser.parse_args(rest)
    issues = state["issues"]
    if verb == "list":
        fitting = [i for i in issues if i["label"] == asked.label and i["state"] == asked.state]
        answer([{asked.json: i[asked.json]} for i in fitting], asked.jq)
        return
    body = Path(asked.body_file).read_text(encoding="utf-8")
    if verb == "edit":
        next(i for i in issues if i["number"] == asked.number)["body"] = body
    elif verb == "create":
        assert asked.label in state["labels"], "there is no such label"
        number = len(issues) + 1
        issues.append({"number": number, "title": asked.title, "label": asked.label, "state": "open", "body": body})
    else:
        sys.exit(f"gh issue {verb}: not known here")


def api() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("path")
    parser.add_argument("-X", dest="method")
    parser.add_argument("-f", "-F", dest="fields", action="append", default=[])
    for name in ("input", "jq"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--silent", action="store_true")
    asked = parser.parse_args(sys.argv[2:])
    given = json.load(sys.stdin) if asked.input else dict(field.split("=", 1) for field in asked.fields)
    method = asked.method or ("POST" if given else "GET")
    path = asked.path.removeprefix(f"repos/{os.environ['GH_REPO']}/")
    refs, commits, trees = state["refs"], state["commits"], state["trees"]
    if (method, path) == ("POST", "git/trees"):
        files = trees[commits[given["base_tree"]]["tree"]] | {e["path"]: e["content"] for e in given["tree"]}
        same = [sha for sha, tree in trees.items() if tree == files]
        sha = same[0] if same else f"tree-{len(trees)}"
        trees[sha] = files
        answer({"sha": sha}, asked.jq)
    elif method == "GET" and path.startswith("git/commits/"):
        answer({"tree": {"sha": commits[path.rpartition("/")[2]]["tree"]}}, asked.jq)
    elif (method, path) == ("POST", "git/commits"):
        sha = f"commit-{len(commits)}"
        commits[sha] = {"tree": given["tree"], "parent": given["parents[]"]}
        answer({"sha": sha}, asked.jq)
    elif (method, path) == ("POST", "git/refs"):
        if given["ref"] in refs:
            sys.exit("gh: Reference already exists (HTTP 422)")
        refs[given["ref"]] = given["sha"]
    elif method == "PATCH" and path.removeprefix("git/") in refs:
        refs[path.removeprefix("git/")] = given["sha"]
    elif method == "GET" and path.startswith("pulls?state=open&head="):
        head = path.rpartition(":")[2]
        answer([pull for pull in state["pulls"] if pull["head"] == head], asked.jq)
    elif (method, path) == ("POST", "pulls"):
        state["pulls"].append(given)
    else:
        sys.exit(f"gh api {method} {path}: not known here")


if sys.argv[1:3] == ["label", "create"]:
    state["labels"].append(sys.argv[3])
else:
    {"issue": issue, "api": api}[sys.argv[1]]()
STATE.write_text(json.dumps(state), encoding="utf-8")
