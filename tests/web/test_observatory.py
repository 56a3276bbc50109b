"""MDN's HTTP Observatory against the real server: A+ in all that needs no public certificate."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import Server

SCANNER = Path(__file__).parents[2] / "node_modules" / "@mdn" / "mdn-http-observatory"
NEEDS_A_CERTIFICATE = {"redirection", "strict-transport-security"}
"""A proxy's work: deploy/caddy and deploy/nginx do both, and tests/deploy looks."""
A_PLUS = 100


def test_everything_but_the_certificate_gets_an_a_plus(server: Server) -> None:
    node = shutil.which("node")
    if not node or not SCANNER.is_dir():
        pytest.fail("the scanner is not installed: `make browser` brings it")
    # It fetches browsers' list of sites that are https only; here the list is empty.
    (SCANNER / "conf" / "hsts-preload.json").write_text("{}")
    done = subprocess.run(
        [node, str(SCANNER / "src" / "scan.js"), f"127.0.0.1:{server.port}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    tests = json.loads(done.stdout)["tests"]
    judged = {name: test for name, test in tests.items() if name not in NEEDS_A_CERTIFICATE}

    assert set(tests) > NEEDS_A_CERTIFICATE and len(judged) == 8
    assert [name for name, test in judged.items() if not test["pass"]] == []
    assert A_PLUS + sum(test["scoreModifier"] for test in judged.values()) > A_PLUS
