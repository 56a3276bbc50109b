"""What the papers name exists, and what exists is named in the papers."""

from __future__ import annotations

import ast
import functools
import os
import re
from pathlib import Path

import pytest
from papers import PAPERS

from bot import settings
from bot.cli import app
from bot.directory import load_directory
from bot.settings import PROJECT

MADE_BY_RUNNING = ("models/", "results/", "node_modules/", ".venv/")
"""Paths that a paper may name although a fresh copy has none of them."""

_TEST = re.compile(r"(tests/[\w/.-]+\.py)::(\w+)")
_FOLDERS = "actions|benchmarks|bot|data|docs|locales|scripts|tests|web_widget"
_PATH = re.compile(rf"(?<![\w/.:-])((?:{_FOLDERS})/[\w./-]*[\w/])")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)\)")
_LONG_NUMBER = re.compile(r"(?<![\w.])\d(?:[ .-]?\d){5,}(?!\w)")
_FAULT = re.compile(r"\bCVE-\d{4}-\d{4,7}\b")
"""The name of a known fault in a package, which looks like a number to call."""


def make_targets() -> list[str]:
    """Targets that `make help` lists."""
    text = (PROJECT / "Makefile").read_text(encoding="utf-8")
    return re.findall(r"^([a-z-]+):.*##", text, re.M)


def setting_names() -> list[str]:
    """Names of environment variables that load_settings reads."""
    tree = ast.parse(Path(settings.__file__).read_text(encoding="utf-8"))
    return sorted(
        {
            call.args[0].value
            for call in ast.walk(tree)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == "get"
            and isinstance(call.args[0], ast.Constant)
        }
    )


def cli_commands() -> list[str]:
    """Names of `waymark` commands, those of groups with their group."""
    groups = [
        ("", app),
        *((f"{group.name} ", group.typer_instance) for group in app.registered_groups),
    ]
    return [
        prefix + (info.name or info.callback.__name__)
        for prefix, group in groups
        for info in group.registered_commands
    ]


def named_tests() -> list[tuple[str, str, str]]:
    """Paper, file and name of each test that a paper names."""
    return sorted(
        {
            (paper, file, name)
            for paper, text in PAPERS.items()
            for file, name in _TEST.findall(text)
        }
    )


def named_paths() -> list[tuple[str, str]]:
    """Paper and path of each file or folder that a paper names."""
    return sorted(
        {
            (paper, path.rstrip("."))
            for paper, text in PAPERS.items()
            for path in _PATH.findall(_TEST.sub(r"\1", text))
            if "<" not in text[text.index(path) : text.index(path) + len(path) + 1]
            and not path.startswith(MADE_BY_RUNNING)
        }
        | {
            (paper, os.path.normpath(Path(paper).parent / link))
            for paper, text in PAPERS.items()
            for link in _LINK.findall(text)
        }
    )


@functools.cache
def functions_of(file: str) -> frozenset[str]:
    """Test functions that a file defines."""
    tree = ast.parse((PROJECT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_something_is_looked_at() -> None:
    """Else an empty list would pass."""
    assert len(make_targets()) > 15
    assert "WAYMARK_ALLOWED_ORIGINS" in setting_names()
    assert {"serve", "telegram setup"} <= set(cli_commands())
    assert len(named_tests()) > 80
    assert len(named_paths()) > 30


@pytest.mark.parametrize("target", make_targets())
def test_every_make_target_is_explained(target: str) -> None:
    assert re.search(rf"make {target}\b(?!-)", PAPERS["README.md"] + PAPERS["CONTRIBUTING.md"])


@pytest.mark.parametrize("paper", PAPERS)
def test_no_paper_names_a_make_target_that_is_gone(paper: str) -> None:
    known = {*re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text("utf-8"), re.M)}
    named = set(re.findall(r"`make ([a-z-]+)`", PAPERS[paper]))

    assert named - known == set()


@pytest.mark.parametrize("name", setting_names())
def test_every_setting_is_in_the_table(name: str) -> None:
    assert f"| `{name}` |" in PAPERS["README.md"]


def test_no_setting_of_the_table_is_gone() -> None:
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", PAPERS["README.md"], re.M))

    assert named == set(setting_names())


@pytest.mark.parametrize("command", cli_commands())
def test_every_command_is_in_the_table(command: str) -> None:
    assert re.search(rf"^\| `waymark {command}[ `]", PAPERS["README.md"], re.M)


@pytest.mark.parametrize(("paper", "file", "name"), named_tests())
def test_every_promised_test_exists(paper: str, file: str, name: str) -> None:
    assert (PROJECT / file).is_file(), f"{paper} names {file}"
    assert name in functions_of(file), f"{paper} names {file}::{name}"


@pytest.mark.parametrize("promise", range(1, 14))
def test_every_promise_has_a_test(promise: int) -> None:
    """Each stands in one of the two papers, with a test below it, or says it is not built."""
    both = PAPERS["PRIVACY.md"] + "\n" + PAPERS["SAFETY.md"]
    start = re.search(rf"^\*\*{promise}\. ", both, re.M)
    assert start, f"promise {promise} is missing"
    below = re.split(r"^(?:\*\*\d+\. |#)", both[start.end() :], maxsplit=1, flags=re.M)[0]

    assert _TEST.search(below) or "Not built yet" in below


@pytest.mark.parametrize(("paper", "path"), named_paths())
def test_every_path_exists(paper: str, path: str) -> None:
    """Seen from the project, or from the paper's own folder."""
    seen_from = (PROJECT, (PROJECT / paper).parent)

    assert any((folder / path).exists() for folder in seen_from), f"{paper} names {path}"


@pytest.mark.parametrize("paper", PAPERS)
def test_no_paper_holds_a_phone_number(paper: str) -> None:
    numbers = {
        number.replace(" ", "")
        for service in load_directory().services.values()
        for number in (service.phone, service.sms_number)
        if number and len(number) > 3
    }
    text = _FAULT.sub("", PAPERS[paper].replace("127.0.0.1", ""))

    assert _LONG_NUMBER.findall(text) == []
    assert [number for number in numbers if re.search(rf"(?<!\d){number}(?!\d)", text)] == []
