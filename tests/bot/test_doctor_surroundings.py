"""bot/doctor_surroundings.py: warnings of what stands around the process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from redis_server import RedisServer
from typer.testing import CliRunner

from bot import cli, doctor, doctor_surroundings
from bot.settings import Settings, load_settings

SWAPS = "Filename Type Size Used Priority\n"
LIMITS = "Limit Soft Limit Hard Limit Units\nMax core file size {0} {0} bytes\n"


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """A machine without anything to say."""
    for name, text in {
        "proc/meminfo": "MemTotal: 1000000 kB\nMemAvailable: 800000 kB\n",
        "proc/swaps": SWAPS,
        "proc/sys/kernel/core_pattern": "|/bin/false\n",
        "proc/1/limits": LIMITS.format("unlimited"),
        "model": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def warnings(system: Path, **settings: object) -> dict[str, str]:
    """What is said of a machine, without what is well."""
    found = Settings(**{"model": system / "model", **settings})  # type: ignore[arg-type]
    return {name: said for name, said in doctor_surroundings.warn(found, system) if said}


def test_a_machine_that_is_well_gets_no_warning(system: Path) -> None:
    names = [name for name, _ in doctor_surroundings.warn(Settings(), system)]

    assert warnings(system) == {}
    assert names == ["memory", "swap", "core dumps", "who can reach it"]


def test_swap_that_is_on_is_told(system: Path) -> None:
    (system / "proc/swaps").write_text(SWAPS + "/dev/vda2 partition 1000 0 -2\n")

    assert "swapoff -a" in warnings(system)["swap"]


@pytest.mark.parametrize(("behind", "said"), [("none", False), ("/dev/vda3", True)])
def test_compressed_swap_is_told_where_a_disk_is_behind_it(
    system: Path, behind: str, said: bool
) -> None:
    (system / "proc/swaps").write_text(SWAPS + "/dev/zram0 partition 1000 0 100\n")
    device = system / "sys/block/zram0"
    device.mkdir(parents=True)
    (device / "backing_dev").write_text(f"{behind}\n")

    assert ("swap" in warnings(system)) == said


@pytest.mark.parametrize(
    ("pattern", "limit", "said"),
    [
        ("|/bin/false", "unlimited", False),
        ("core", "unlimited", True),
        ("core", "0", False),
        ("|/usr/lib/systemd/systemd-coredump %P", "0", True),
    ],
)
def test_dumps_that_others_may_write_are_told(
    system: Path, pattern: str, limit: str, said: bool
) -> None:
    (system / "proc/sys/kernel/core_pattern").write_text(f"{pattern}\n")
    (system / "proc/1/limits").write_text(LIMITS.format(limit))

    assert ("core dumps" in warnings(system)) == said


def test_too_little_memory_is_told(system: Path) -> None:
    (system / "proc/meminfo").write_text("MemAvailable: 300000 kB\n")

    assert "a process takes about 280" in warnings(system)["memory"]


def test_a_machine_too_small_for_training_says_where_to_train(system: Path) -> None:
    assert "copy the model" in warnings(system, model=system / "none")["memory"]

    (system / "proc/meminfo").write_text("MemAvailable: 3000000 kB\n")
    assert warnings(system, model=system / "none") == {}


@pytest.mark.parametrize(
    ("host", "proxies", "said"),
    [
        ("0.0.0.0", 0, True),
        ("::", 0, True),
        ("192.0.2.1", 0, True),
        ("0.0.0.0", 1, False),
        ("127.0.0.1", 0, False),
        ("localhost", 0, False),
    ],
)
def test_a_server_open_to_all_without_a_proxy_is_told(
    system: Path, host: str, proxies: int, said: bool
) -> None:
    found = warnings(system, host=host, proxies=proxies).get("who can reach it", "")

    assert ("WAYMARK_PROXIES" in found) == said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("redis://user:zzz-word@192.0.2.9:6379/0", True),
        ("redis://user:zzz-word@redis.example:6379/0", True),
        ("rediss://user:zzz-word@redis.example:6379/0", False),
        ("redis://user:zzz-word@127.0.0.1:6379/0", False),
        ("redis://user:zzz-word@[::1]:6379/0", False),
        ("redis://localhost/0", False),
    ],
)
def test_a_redis_elsewhere_without_tls_is_told_without_its_password(url: str, said: bool) -> None:
    found = doctor_surroundings._way_to_redis(url) or ""

    assert ("rediss://" in found) == said
    assert "zzz-word" not in found


def test_a_redis_that_hides_its_settings_is_a_warning_and_no_wrong_password(
    redis_server: RedisServer,
) -> None:
    """As managed ones do."""
    redis_server.client().acl_setuser(
        "guest",
        enabled=True,
        passwords=["+zzz-password"],
        categories=["+@all"],
        commands=["-config"],
        keys=["*"],
    )
    url = redis_server.url.replace("://:", "://guest:")

    assert doctor._redis(url) is None
    assert "at your provider" in (doctor_surroundings._disk_of_redis(url) or "")
    assert doctor_surroundings._disk_of_redis(redis_server.url) is None


def test_a_redis_that_is_down_is_told_once(redis_server: RedisServer) -> None:
    redis_server.stop()

    assert doctor_surroundings._disk_of_redis(redis_server.url) is None


def test_redis_is_looked_at_only_where_there_is_one(
    system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor_surroundings, "_disk_of_redis", lambda url: "as it is")

    assert warnings(system, redis_url="redis://127.0.0.1/0") == {"disk of Redis": "as it is"}


def test_what_can_not_be_seen_is_no_warning(tmp_path: Path) -> None:
    assert warnings(tmp_path, model=Path(sys.executable)) == {}


@pytest.mark.usefixtures("quiet")
def test_a_warning_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [("swap", "is on"), ("memory", None)]
    monkeypatch.setattr("bot.doctor_surroundings.warn", lambda settings: iter(said))
    monkeypatch.setattr("bot.doctor.examine", lambda settings: iter([("one", None)]))

    result = CliRunner().invoke(cli.app, ["doctor"])

    assert result.exit_code == 0
    assert result.output == "look swap: is on\nok   memory\nok   one\n"


def test_the_settings_of_the_container_give_no_warning_of_who_can_reach_it() -> None:
    """HOST stands in the image, WAYMARK_PROXIES in the example of settings."""
    inside = load_settings({"HOST": "0.0.0.0", "WAYMARK_PROXIES": "1"})

    assert doctor_surroundings._open(inside) is None


def test_limits_read_as_linux_writes_them(system: Path) -> None:
    """A process may lift a soft limit again."""
    limits = system / "proc/1/limits"
    read = ["sh", "-c", "ulimit -c 0; cat /proc/self/limits"]
    limits.write_text(subprocess.check_output(read, text=True))

    assert doctor_surroundings._no_process_may_dump(system)
    limits.write_text("Max core file size        0                    unlimited            bytes\n")
    assert not doctor_surroundings._no_process_may_dump(system)
