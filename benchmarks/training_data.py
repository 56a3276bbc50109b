"""The blocks of Rasa's NLU files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def files(project: Path) -> list[Path]:
    """The files with training messages of a project or a copy of it, in order."""
    return sorted((project / "data" / "nlu").rglob("*.yml"))


def blocks(file: Path) -> list[dict[str, Any]]:
    """Blocks with `intent`, `examples` (a line each) and perhaps `metadata`."""
    read = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    found: list[dict[str, Any]] = read["nlu"]
    return found
