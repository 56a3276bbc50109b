"""bot/tallies/months.py: small numbers are left out, and a month is written once, when it is over."""

from __future__ import annotations

import datetime
import stat
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import TalliesError
from bot.tallies.books import Month
from bot.tallies.months import (
    check_folder,
    months_over,
    next_end,
    published,
    table,
    write_once,
)

LONDON = ZoneInfo("Europe/London")
HEAD = "month,borough,sign,at_least,counted_from\n"


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=LONDON)


def shown(**numbers: int) -> str:
    cells = Counter({f"hackney {sign}": number for sign, number in numbers.items()})
    return table("2026-11", Month("2026-11-01", cells))


@pytest.mark.parametrize("number", [-3, 0, 1, 5, 9])
def test_a_number_under_ten_is_not_shown_and_looks_like_none(number: int) -> None:
    assert shown(debt=number) == shown() == HEAD


@pytest.mark.parametrize(
    ("number", "at_least"), [(10, 10), (14, 10), (15, 15), (19, 15), (20, 20), (1234, 1230)]
)
def test_others_are_rounded_down(number: int, at_least: int) -> None:
    assert shown(debt=number) == f"{HEAD}2026-11,hackney,debt,{at_least},2026-11-01\n"


def test_no_total_gives_away_what_is_left_out() -> None:
    """Every line is a number of its own; taking a small one away changes nothing that is shown."""
    assert shown(debt=30, threats=9, unpaid=12) == shown(debt=30, unpaid=12)
    assert len(shown(debt=30, threats=9, unpaid=12).splitlines()) == 3


@pytest.mark.parametrize(
    ("now", "over"),
    [
        ("2026-11-30T23:59", ["2026-10", "2026-09"]),
        ("2026-12-01T00:59", ["2026-10", "2026-09"]),
        ("2026-12-01T01:00", ["2026-11", "2026-10"]),
        ("2027-01-31T12:00", ["2026-12", "2026-11"]),
        ("2027-03-01T00:30", ["2027-01", "2026-12"]),
        ("2027-03-31T12:00", ["2027-02", "2027-01"]),
    ],
)
def test_a_month_is_over_an_hour_after_its_end(now: str, over: list[str]) -> None:
    assert months_over(at(now)) == over


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-12T10:00", "2026-12-01T01:00"),
        ("2026-12-01T00:59", "2026-12-01T01:00"),
        ("2026-12-01T01:00", "2027-01-01T01:00"),
        ("2027-01-31T23:00", "2027-02-01T01:00"),
    ],
)
def test_the_next_end_is_known(now: str, end: str) -> None:
    assert next_end(at(now)) == at(end)


def test_a_month_is_written_once_and_only_for_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "2026-11.csv"
    write_once(file, "first")
    write_once(file, "second")

    assert file.read_text() == "first"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_month_that_can_not_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError("no space")

    monkeypatch.setattr("bot.tallies.months.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_once(tmp_path / "2026-11.csv", "text")

    assert list(tmp_path.iterdir()) == []


def test_a_finished_month_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "2026-11.csv").write_text(HEAD)

    assert published(tmp_path, "2026-11", datetime.date(2026, 12, 31)) == HEAD
    assert published(tmp_path, None, datetime.date(2026, 12, 31)) == HEAD


@pytest.mark.parametrize(
    ("month", "why"),
    [
        ("2026-12", "not over"),
        ("2027-01", "not over"),
        ("2026-10", "no 2026-10.csv"),
        ("../../etc/passwd", "looks like"),
        ("2026-13", "looks like"),
        ("2026-11\n", "looks like"),
    ],
)
def test_other_months_are_refused(tmp_path: Path, month: str, why: str) -> None:
    (tmp_path / "2026-12.csv").write_text(HEAD)

    with pytest.raises(TalliesError, match=why):
        published(tmp_path, month, datetime.date(2026, 12, 31))


def test_the_folder_must_be_there_and_writable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_folder(tmp_path)
    for wrong in (tmp_path / "missing", Path(__file__)):
        with pytest.raises(TalliesError, match="WAYMARK_TALLIES"):
            check_folder(wrong)
    monkeypatch.setattr("bot.tallies.months.os.access", lambda path, mode: False)
    with pytest.raises(TalliesError, match="WAYMARK_TALLIES"):
        check_folder(tmp_path)
