"""bot/cli.py: every command explains itself; what is wrong is a sentence and exit code 1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import bot.recognition
from bot import cli
from bot.directory import DirectoryError
from bot.i18n import CatalogueError
from bot.wording import WordingError

COMMANDS = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
TELEGRAM = COMMANDS["telegram"].commands


pytestmark = pytest.mark.usefixtures("quiet")


def run(*words: str, given: str = "", **environment: str) -> Any:
    return CliRunner().invoke(cli.app, words, input=given, env=environment)


def assert_stopped(result: Any) -> None:
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 1
    assert len(result.output.strip().splitlines()) >= 1
    assert "Traceback" not in result.output


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(name: str) -> None:
    assert COMMANDS[name].help


@pytest.mark.parametrize("name", sorted(TELEGRAM))
def test_every_command_and_option_for_telegram_has_help(name: str) -> None:
    assert TELEGRAM[name].help
    assert [option.name for option in TELEGRAM[name].params if not option.help] == []


def test_every_promised_command_exists() -> None:
    promised = {"serve", "chat", "train", "recognise", "evaluate", "directory", "doctor", "rasa"}

    assert promised <= set(COMMANDS)
    assert {"setup", "poster"} <= set(TELEGRAM)


@pytest.mark.parametrize("name", ["serve", "chat", "train", "recognise", "doctor"])
def test_a_wrong_setting_stops_with_a_sentence(name: str) -> None:
    result = run(name, PORT="zzz")

    assert_stopped(result)
    assert "PORT" in result.output
    assert "zzz" not in result.output


@pytest.mark.parametrize("words", [("serve",), ("chat",), ("recognise",)])
def test_a_missing_model_stops_with_a_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    result = run(*words, given='{"id": 1, "text": "hello"}\n', WAYMARK_MODEL=str(tmp_path / "none"))

    assert_stopped(result)
    assert "make train" in result.output


@pytest.mark.parametrize("error", [DirectoryError, CatalogueError, WordingError])
def test_unusable_words_stop_the_server_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail() -> None:
        raise error("national.yml: a line has no source")

    monkeypatch.setattr("bot.serve.load_wording", fail)

    result = run("serve")
    assert_stopped(result)
    assert "national.yml" in result.output


@pytest.fixture
def recogniser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hears nothing in anything."""

    @contextmanager
    def opened(model: Path) -> Iterator[Any]:
        yield lambda text: {
            "lang": "en",
            "intent": "greet",
            "who": "none",
            "flags": [],
            "signs": [],
            "types": [],
            "chance": 0.2,
        }

    monkeypatch.setattr(bot.recognition, "open_recogniser", opened)
    monkeypatch.setattr("bot.evaluation.open_recogniser", opened)


@pytest.mark.parametrize("line", ["nonsense", "[1]", "5", '"text"', "null"])
def test_a_line_that_is_no_message_stops_with_a_sentence(recogniser: None, line: str) -> None:
    assert_stopped(run("recognise", given=line + "\n"))


def test_recognise_keeps_the_order_and_the_shape(recogniser: None) -> None:
    result = run("recognise", given='{"id": "b", "text": "x"}\n\n{"id": 1, "text": null}\n')

    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["id"] for line in lines] == ["b", 1]
    assert list(lines[0]) == ["id", "lang", "intent", "who", "flags", "signs", "types"]


GOLD = {
    "id": 1,
    "lang": "en",
    "text": "x",
    "intent": "greet",
    "who": "none",
    "flags": [],
    "signs": [],
    "types": [],
}


@pytest.mark.parametrize("missing", ["text", "lang", "flags", "signs"])
def test_a_gold_line_without_a_field_stops_with_a_sentence(
    recogniser: None, tmp_path: Path, missing: str
) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps({k: v for k, v in GOLD.items() if k != missing}))

    assert_stopped(run("evaluate", str(file)))


def test_a_missing_gold_file_stops_with_a_sentence(recogniser: None, tmp_path: Path) -> None:
    assert_stopped(run("evaluate", str(tmp_path / "none.jsonl")))


def test_evaluate_prints_a_table_or_json(recogniser: None, tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps(GOLD) + "\n")

    assert "specificity" in run("evaluate", str(file)).stdout
    assert json.loads(run("evaluate", str(file), "--json").stdout)["all"]["specificity"] == 1.0


def test_a_bad_directory_exits_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.doctor.check_directory", lambda: (["x.yml: no source"], []))

    result = run("directory")
    assert (result.exit_code, "x.yml" in result.output) == (1, True)


def test_an_old_entry_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.doctor.check_directory", lambda: ([], ["acas: check it again"]))

    result = run("directory")
    assert (result.exit_code, "acas" in result.output) == (0, True)


def test_the_doctor_exits_with_1_when_something_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = [("one", None), ("two", "mend it")]
    monkeypatch.setattr("bot.doctor.examine", lambda settings: iter(checks))

    result = run("doctor")
    assert result.exit_code == 1
    assert "BAD  two: mend it" in result.output
