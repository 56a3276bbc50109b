"""What the tests of the deployment share: its files, read once, and the settings that exist."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import PROJECT

DEPLOY = PROJECT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"

SETTINGS = frozenset(
    re.findall(r"^\| `([A-Z_]+)` \|", (PROJECT / "README.md").read_text("utf-8"), re.M)
)

Manifest = dict[str, Any]


def tool(name: str) -> str:
    """Where a program is: of this environment, of node_modules, or of the machine.

    A test that needs it fails without it: a check that was skipped says nothing.
    """
    folders = [Path(sys.executable).parent, PROJECT / "node_modules" / ".bin", "/usr/sbin"]
    path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")])
    found = shutil.which(name, path=path)
    if not found:
        pytest.fail(f"{name} is not installed: `make browser` brings it")
    return found


def read(name: str) -> str:
    """The text of a file of deploy/."""
    return (DEPLOY / name).read_text("utf-8")


def files() -> list[Path]:
    """Every file of deploy/ that is kept in git; those with keys (*.env) are not."""
    return sorted(
        path
        for path in DEPLOY.rglob("*")
        if path.is_file() and not path.name.endswith((".env", ".pyc"))
    )


def documents(path: Path) -> list[Manifest]:
    """The documents of a YAML file that say something."""
    return [each for each in yaml.safe_load_all(path.read_text("utf-8")) if each]


def manifests() -> list[Manifest]:
    """Every Kubernetes object of deploy/, without those that only kustomize reads."""
    return [
        each
        for path in sorted(KUBERNETES.rglob("*.yaml"))
        for each in documents(path)
        if path.name != "kustomization.yaml"
    ]


def of_kind(kind: str) -> dict[str, Manifest]:
    """Kubernetes objects of a kind, by name."""
    return {each["metadata"]["name"]: each for each in manifests() if each["kind"] == kind}


def directives(text: str) -> Iterator[str]:
    """Lines that say something, without comments and spaces around them."""
    for line in text.splitlines():
        if said := line.split("#", 1)[0].strip():
            yield said
