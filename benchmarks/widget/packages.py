"""The pinned npm packages, and what their files weigh."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.widget.subjects import SUBJECTS
from bot.settings import PROJECT

HERE: Final = Path(__file__).parent
MODULES: Final = HERE / "node_modules"
WIDGET: Final = PROJECT / "web_widget" / "dist" / "widget.js"
AXE: Final = PROJECT / "node_modules" / "axe-core"
LIGHTHOUSE: Final = PROJECT / "node_modules" / ".bin" / "lighthouse"
TOOLS: Final = ("axe-core", "lighthouse")
"""Of the project's own node_modules."""
INSTALL_LIMIT_S: Final = 900.0
BROTLI: Final = (
    "process.stdout.write(require('zlib').brotliCompressSync(require('fs').readFileSync(0)))"
)


class BenchmarkError(Exception):
    """The measurement can't go on; the message says why."""


@dataclass(frozen=True)
class Packed:
    """A file as it is, as gzip -9 and as brotli 11."""

    raw: bytes
    gzip: bytes
    brotli: bytes

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes of each."""
        return {"raw": len(self.raw), "gzip": len(self.gzip), "brotli": len(self.brotli)}


def pinned() -> dict[str, str]:
    """Versions by package, as package.json has them."""
    wanted: dict[str, str] = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
    return wanted


def install() -> dict[str, str]:
    """Bring the packages if one is missing or another version; scripts of packages never run.

    Returns:
        What is there: the pinned packages, the tools and node.

    Raises:
        BenchmarkError: npm, node or a tool is missing, or npm fails.
    """
    for tool in ("node", "npm"):
        if not shutil.which(tool):
            raise BenchmarkError(f"{tool} is missing")
    if any(_version(MODULES / package) != version for package, version in pinned().items()):
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(
            command, cwd=HERE, capture_output=True, text=True, timeout=INSTALL_LIMIT_S, check=False
        )
        if done.returncode:
            raise BenchmarkError(f"npm ci failed: {done.stderr[:500]}")
    found = {package: _version(MODULES / package) for package in pinned()}
    for tool in TOOLS:
        found[tool] = _version(PROJECT / "node_modules" / tool)
        if not found[tool]:
            raise BenchmarkError(
                f"{tool} is missing: npm ci --ignore-scripts in the project's folder"
            )
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    return {**found, "node": node.stdout.strip().removeprefix("v")}


def files() -> dict[str, Packed]:
    """Every file that a page includes, by its path on the server."""
    paths = {"/widget.js": WIDGET}
    for subject in SUBJECTS:
        if subject.package:
            path = f"{subject.package}/{subject.file}"
            paths[f"/files/{path}"] = MODULES / path
    return {path: pack(file.read_bytes()) for path, file in paths.items()}


def pack(raw: bytes) -> Packed:
    """Compress as a careful server does once, before it serves."""
    done = subprocess.run(
        ["node", "-e", BROTLI], input=raw, capture_output=True, timeout=60, check=True
    )
    return Packed(raw, gzip.compress(raw, 9, mtime=0), done.stdout)


def _version(package: Path) -> str:
    file = package / "package.json"
    return str(json.loads(file.read_text("utf-8"))["version"]) if file.is_file() else ""
