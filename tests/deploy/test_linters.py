"""What can't run here, image and compose.yml, is read by the linters of their own kind."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from deployment import DEPLOY, read, tool

ORDER = (
    "service-keys-order",
    "services-alphabetical-order",
    "top-level-properties-order",
    "require-quotes-in-ports",
)
"""Rules of dclint about the order of keys, and about quotes inside of [...]: what belongs together
stands together."""


def hadolint(text: str) -> subprocess.CompletedProcess[str]:
    """The Containerfile's linter; 0 when it has nothing to say."""
    return subprocess.run(
        [tool("hadolint"), "--no-color", "-"],
        input=text,
        capture_output=True,
        text=True,
    )


def dclint(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Compose's schema, and what is bad practice."""
    node = subprocess.run([tool("node"), "--version"], capture_output=True, text=True, check=True)
    if int(node.stdout.strip().removeprefix("v").split(".")[0]) < 20:
        pytest.skip(f"dclint needs Node 20; this is {node.stdout.strip()}")
    (folder / "compose.yml").write_text(text, "utf-8")
    rules = [each for rule in ORDER for each in ("--disable-rule", rule)]
    return subprocess.run(
        [tool("dclint"), "compose.yml", "--max-warnings", "0", *rules],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_hadolint_finds_nothing_in_the_containerfile() -> None:
    done = hadolint(read("Containerfile"))

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("python:3.11-slim-bookworm", "python", "DL3006"),
        ('"uv==', '"uv", "', "DL3013"),
        ("WORKDIR /app\nUSER", "WORKDIR app\nUSER", "DL3000"),
        ("USER 10001:10001", "USER root", "DL3002"),
    ],
)
def test_hadolint_finds_a_mistake(right: str, wrong: str, rule: str) -> None:
    text = read("Containerfile")
    assert right in text

    assert rule in hadolint(text.replace(right, wrong)).stdout


def test_only_one_rule_of_hadolint_is_off() -> None:
    pragmas = re.findall(r"^#\s*hadolint .*$", read("Containerfile"), re.M)

    assert pragmas == ["# hadolint global ignore=DL3059"]


def test_dclint_finds_nothing_in_compose(tmp_path: Path) -> None:
    done = dclint(tmp_path, read("compose.yml"))

    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("  read_only: true", "  read_onlyy: true", "invalid-schema"),
        ("cpus: 1.0", "cpus: [1.0]", "invalid-schema"),
        ("condition: service_healthy", "condition: service_is_well", "invalid-schema"),
        ("redis:8.2-alpine", "redis", "service-image-require-explicit-tag"),
        ('"127.0.0.1:8000:8000"', '"8000:8000"', "no-unbound-port-interfaces"),
    ],
)
def test_dclint_finds_a_mistake(tmp_path: Path, right: str, wrong: str, rule: str) -> None:
    text = read("compose.yml")
    assert right in text

    assert rule in dclint(tmp_path, text.replace(right, wrong)).stdout


def test_only_caddy_listens_to_everybody() -> None:
    """The one rule that compose.yml itself switches off, and where."""
    pragmas = re.findall(r"# dclint (.*)\n\s*- (.*)\n", read("compose.yml"))

    assert pragmas == [("disable-line no-unbound-port-interfaces", '"80:80"')]
    assert read("compose.yml").count("dclint") == 1
    assert not list(DEPLOY.glob(".dclintrc*"))
