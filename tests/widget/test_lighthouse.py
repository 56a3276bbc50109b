"""Lighthouse on a page with only the widget: what does not depend on how fast the machine is.

Speed is measured by `python -m benchmarks.widget`.
"""

from __future__ import annotations

import os
import shutil

import pytest
from stub_server import ROOT

from benchmarks.widget.lighthouse import run


def test_lighthouse_finds_nothing_to_mend(url: str) -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium or not (ROOT / "node_modules" / "lighthouse").exists():
        pytest.fail("Chromium or the node modules are missing: `make browser` brings them")

    figures = run(f"{url}/host", chromium)

    lost = figures["lost_points"]
    assert (figures["accessibility"], lost["accessibility"]) == (100, [])
    assert (figures["best-practices"], lost["best-practices"]) == (100, [])
    assert figures["cls"] == 0
