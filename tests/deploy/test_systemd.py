"""The systemd unit: one process, that can write nowhere and talk with this machine only."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from deployment import DEPLOY, read, tool

REQUIRED = {
    "DynamicUser": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "MemoryMax": "640M",
    "MemorySwapMax": "0",
    "MemoryDenyWriteExecute": "yes",
    "LimitCORE": "0",
    "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6",
    "RestrictNamespaces": "yes",
    "IPAddressDeny": "any",
    "IPAddressAllow": "localhost",
    "ProtectKernelLogs": "yes",
    "ProtectProc": "invisible",
    "SystemCallArchitectures": "native",
    "UMask": "0077",
    "Restart": "always",
    "EnvironmentFile": "/etc/waymark.env",
    "ExecStart": "/srv/waymark/.venv/bin/waymark serve",
}


def section(name: str) -> configparser.SectionProxy:
    """[Service] of a unit, the last line of each name."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(read(name))
    return parser["Service"]


@pytest.mark.parametrize(("name", "value"), REQUIRED.items())
def test_unit_is_shut_tight(name: str, value: str) -> None:
    assert section("systemd/waymark.service")[name] == value


def test_calls_that_it_does_not_need_are_refused() -> None:
    lines = re.findall(r"^SystemCallFilter=(.*)$", read("systemd/waymark.service"), re.M)

    assert lines[0] == "@system-service"
    assert lines[1].startswith("~") and {"~@privileged", "@resources"} <= set(lines[1].split())


def test_it_starts_again_however_often_it_ends() -> None:
    text = read("systemd/waymark.service")

    assert "\nStartLimitIntervalSec=0\n" in text
    assert "\nRestart=always\n" in text
    assert "\nWantedBy=multi-user.target\n" in text


def test_telegram_is_let_through_without_taking_the_rest_away() -> None:
    assert set(section("systemd/telegram.conf")) == {"IPAddressAllow"}


def test_systemd_finds_the_unit_right(tmp_path: Path) -> None:
    analyze = tool("systemd-analyze")
    text = (DEPLOY / "systemd" / "waymark.service").read_text("utf-8")
    text = text.replace("/srv/waymark/.venv/bin/waymark", "/bin/true")  # it must exist
    unit = tmp_path / "waymark.service"
    unit.write_text(text, "utf-8")
    more = tmp_path / "waymark.service.d"
    more.mkdir()
    shutil.copy(DEPLOY / "systemd" / "telegram.conf", more)

    done = subprocess.run(
        [analyze, "verify", "--man=no", "--recursive-errors=no", str(unit)],
        capture_output=True,
        text=True,
    )

    assert (done.returncode, [line for line in done.stderr.splitlines() if "waymark" in line]) == (
        0,
        [],
    ), done.stderr
