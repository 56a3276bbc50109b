"""bot/doctor.py: what to mend, in plain words."""

from __future__ import annotations

import datetime
import socket
from pathlib import Path

import pytest
from libre_server import Libre
from redis_server import RedisServer

from bot import doctor
from bot.directory import DirectoryError, load_directory
from bot.engine.shelf import Connection
from bot.errors import SettingsError
from bot.settings import Settings


def fail() -> None:
    raise DirectoryError("acas.yml:1: source: is missing", "acas.yml:2: phone: must be digits")


def test_a_bad_directory_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "load_directory", fail)

    problems, warnings = doctor.check_directory()
    assert [problem[:11] for problem in problems] == ["acas.yml:1:", "acas.yml:2:"]
    assert warnings == []
    assert (doctor._directory() or "").startswith("acas.yml:1:")


def test_the_directory_is_sound() -> None:
    assert doctor.check_directory()[0] == []


CHECKED = max(entry.checked for entry in load_directory().entries)
OLDEST = min(entry.checked for entry in load_directory().entries)


def test_an_entry_not_checked_for_six_months_is_a_warning() -> None:
    fresh = doctor.check_directory(CHECKED)
    old = doctor.check_directory(OLDEST + datetime.timedelta(days=184))

    assert fresh == ([], [])
    assert old[0] == []
    assert f"{OLDEST}; check it again" in old[1][0]


def test_an_emergency_number_not_checked_for_twelve_months_is_a_problem() -> None:
    """No other entry is: a council's old line warns, and doesn't stop a release."""
    problems, warnings = doctor.check_directory(CHECKED + datetime.timedelta(days=366))

    named = {line.partition(":")[0] for line in problems}
    assert {"emergency-999", "samaritans", "childline"} <= named
    assert "acas" not in named
    assert {"acas", "barnet-1"} <= {line.partition(":")[0] for line in warnings}
    assert not named & {line.partition(":")[0] for line in warnings}


def test_a_check_that_is_yet_to_come_is_a_warning() -> None:
    problems, warnings = doctor.check_directory(OLDEST - datetime.timedelta(days=1))

    assert problems == []
    assert len(warnings) == len(load_directory().entries)
    assert "which is to come" in warnings[0]


def test_a_missing_model_is_told_and_the_other_checks_still_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_encoder", lambda: None)

    found = dict(doctor.examine(Settings(port=1, model=tmp_path / "none")))

    assert "make train" in (found["model"] or "")
    assert found["words and languages"] is None
    assert found["port 1"] is None


def test_a_port_in_use_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        assert "PORT" in (doctor._port(Settings(port=taken.getsockname()[1])) or "")


def test_counts_with_the_port_of_the_page_or_a_port_in_use_are_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        same = doctor._counts(Settings(port=port, metrics_port=port))
        used = doctor._counts(Settings(port=1, metrics_port=port))
    free = doctor._counts(Settings(port=1, metrics_port=port))
    elsewhere = doctor._counts(Settings(port=1, metrics_host="192.0.2.1", metrics_port=port))

    assert "a port of its own" in (same or "")
    assert "WAYMARK_METRICS_PORT can't be used" in (used or "")
    assert free is None
    assert "WAYMARK_METRICS_HOST" in (elsewhere or "")


def test_counts_are_looked_at_only_where_they_are_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_encoder", lambda: None)
    model = tmp_path / "none"

    assert "counts for Prometheus" not in dict(doctor.examine(Settings(port=1, model=model)))
    served = dict(doctor.examine(Settings(port=1, metrics_port=1, model=model)))
    assert "a port of its own" in (served["counts for Prometheus"] or "")


def test_a_folder_for_tallies_that_is_missing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_encoder", lambda: None)
    model = tmp_path / "none"
    missing = Settings(port=1, model=model, tallies=tmp_path / "missing")

    assert "folder for tallies" not in dict(doctor.examine(Settings(port=1, model=model)))
    assert "WAYMARK_TALLIES" in (dict(doctor.examine(missing))["folder for tallies"] or "")
    assert doctor._tallies(tmp_path) is None


def test_another_python_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.sys, "version_info", (3, 12, 0))

    assert "3.11" in (doctor._python() or "")


def test_a_translation_machine_is_asked_only_where_one_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_encoder", lambda: None)
    model = tmp_path / "none"

    without = dict(doctor.examine(Settings(port=1, model=model)))
    beside = dict(
        doctor.examine(Settings(port=1, model=model, translation_url="http://127.0.0.1:9"))
    )

    assert "translation machine" not in without
    assert "no LibreTranslate answers" in (beside["translation machine"] or "")


def test_a_translation_machine_that_answers_is_sound(libre: Libre) -> None:
    assert doctor._translation(libre.url) is None


def test_a_public_translation_machine_is_refused() -> None:
    with pytest.raises(SettingsError, match="never to a public service"):
        doctor._translation("https://8.8.8.8")


def test_a_redis_that_writes_to_a_disk_is_named(redis_server: RedisServer) -> None:
    assert doctor._redis(redis_server.url) is None
    client = Connection(redis_server.url).client
    client.config_set("appendonly", "yes")
    assert "disk" in str(doctor._redis(redis_server.url))


def test_a_redis_that_does_not_answer_is_named_without_its_password(
    redis_server: RedisServer,
) -> None:
    redis_server.stop()
    problem = str(doctor._redis(redis_server.url))

    assert "WAYMARK_REDIS_URL" in problem
    assert "zzz-password" not in problem
