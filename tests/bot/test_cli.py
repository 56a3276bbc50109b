"""bot/cli.py: every command explains itself; what is wrong is a sentence and exit code 1."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import bot.recognition
from bot import cli
from bot.directory import DATA, DirectoryError, load_directory
from bot.i18n import CatalogueError
from bot.wording import WordingError

COMMANDS = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
TELEGRAM = COMMANDS["telegram"].commands
DIRECTORY = COMMANDS["directory"].commands


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


@pytest.mark.parametrize("command", [*TELEGRAM.values(), *DIRECTORY.values()], ids=str)
def test_every_command_and_option_of_a_group_has_help(command: Any) -> None:
    assert command.help
    assert [option.name for option in command.params if not getattr(option, "help", "")] == []


def test_every_promised_command_exists() -> None:
    promised = {"serve", "chat", "train", "recognise", "evaluate", "directory", "doctor", "rasa"}

    assert promised <= set(COMMANDS)
    assert {"setup", "poster"} <= set(TELEGRAM)
    assert {"check", "list", "checklist", "record"} == set(DIRECTORY)


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
        raise error("acas.yml:1: source: is missing")

    monkeypatch.setattr("bot.serve.load_wording", fail)

    result = run("serve")
    assert_stopped(result)
    assert "acas.yml:1" in result.output


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


def test_a_line_that_is_no_message_is_not_quoted(recogniser: None) -> None:
    result = run("recognise", given='{"id": 1, "text": "x"}\n{"id": 2, "text": "zzz-secret"\n')

    assert_stopped(result)
    assert "zzz-secret" not in result.output
    assert "Line 2 or the next does not look like" in result.output


def test_what_fails_while_it_hears_is_not_taken_for_a_bad_line(
    recogniser: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message of such an error may hold the text: it goes the way of what nobody caught."""

    @contextmanager
    def opened(model: Path) -> Iterator[Any]:
        def hear(text: str) -> dict[str, Any]:
            raise ValueError(text)

        yield hear

    monkeypatch.setattr(bot.recognition, "open_recogniser", opened)
    result = run("recognise", given='{"id": 1, "text": "zzz-secret"}\n')

    assert isinstance(result.exception, ValueError)
    assert result.output == ""


def test_an_id_that_is_no_text_is_given_back(recogniser: None) -> None:
    result = run("recognise", given='{"id": "\\ud800", "text": "x"}\n')

    assert json.loads(result.stdout)["id"] == "\ud800"


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


@pytest.mark.parametrize("words", [("directory",), ("directory", "check")])
def test_a_bad_directory_exits_with_1(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr("bot.doctor.check_directory", lambda: (["x.yml:1: no source"], ["old"]))

    result = run(*words)
    assert (result.exit_code, result.output) == (1, "x.yml:1: no source\nold\n")


@pytest.mark.parametrize("words", [("directory",), ("directory", "check")])
def test_an_old_entry_is_a_warning(monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    monkeypatch.setattr("bot.doctor.check_directory", lambda: ([], ["acas: check it again"]))

    result = run(*words)
    assert (result.exit_code, "acas" in result.output) == (0, True)


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the directory, which the commands take for the real one."""
    folder = Path(shutil.copytree(DATA, tmp_path / "services"))
    monkeypatch.setattr("bot.directory.DATA", folder)
    return folder


def test_a_check_is_recorded_and_listed_last(services: Path) -> None:
    words = (
        "directory",
        "record",
        "acas",
        "--role",
        "volunteer",
        "--source",
        "https://acas.example",
    )
    done = run(*words)

    today = datetime.date.today().isoformat()
    listed = run("directory", "list").output.splitlines()
    assert done.output.splitlines()[0] == f"Written: {services / 'national/acas.yml'}"
    assert "People are still told that the source is 'GOV.UK'." in done.output
    assert listed[-1].split() == ["0", "acas", today, "volunteer", "0300", "123", "1100"]
    assert len(listed) == len(load_directory(services).entries)
    assert len(run("directory", "list", "--older-than", "0").output.splitlines()) < len(listed)


def test_a_new_source_that_people_are_told_of_is_said(services: Path) -> None:
    words = ("--role", "operator", "--source", "https://kalayaan.example/x", "--date", "2026-11-22")
    done = run("directory", "record", "kalayaan", *words)

    assert "People are told that the source is 'kalayaan.example'." in done.output
    assert load_directory(services).service("kalayaan").checked == datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    "words",
    [
        ("record", "acass", "--role", "operator", "--source", "x"),
        ("record", "acas", "--role", "a name", "--source", "x"),
        ("record", "acas", "--role", "operator", "--source", "x", "--date", "2999-01-01"),
        ("checklist", "acass"),
    ],
)
def test_a_command_that_can_not_be_done_stops_with_a_sentence(
    services: Path, words: tuple[str, ...]
) -> None:
    before = (services / "national/acas.yml").read_bytes()

    assert_stopped(run("directory", *words))
    assert (services / "national/acas.yml").read_bytes() == before


def test_a_malformed_directory_stops_every_command_with_a_sentence(services: Path) -> None:
    (services / "national/acas.yml").write_text("{")

    for words in (("list",), ("checklist",), ("record", "acas", "--role=operator", "--source=x")):
        result = run("directory", *words)
        assert_stopped(result)
        assert "acas.yml:2: no YAML" in result.output


def test_a_checklist_is_printed_for_some_or_for_all(services: Path) -> None:
    some = run("directory", "checklist", "acas", "southwark").output
    everything = run("directory", "checklist").output

    assert [line.split(":")[0] for line in some.splitlines() if line.startswith("## ")] == [
        *("## acas", "## southwark-1", "## southwark-2", "## southwark-3")
    ]
    assert everything.count("\n## ") == len(load_directory(services).entries)
    assert run("directory", "checklist", "--older-than", "99999").output.count("\n## ") == 0


def test_the_doctor_exits_with_1_when_something_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = [("one", None), ("two", "mend it")]
    monkeypatch.setattr("bot.doctor.examine", lambda settings: iter(checks))

    result = run("doctor")
    assert result.exit_code == 1
    assert "BAD  two: mend it" in result.output


def test_a_finished_month_of_tallies_is_printed(tmp_path: Path) -> None:
    text = "month,borough,sign,at_least,counted_from\n2020-02,hackney,debt,10,2020-02-01\n"
    (tmp_path / "2020-02.csv").write_text(text)

    result = run("tallies", "--month", "2020-02", WAYMARK_TALLIES=str(tmp_path))
    assert (result.output, result.exit_code) == (text, 0)


@pytest.mark.parametrize("month", ["2020-03", "2999-01", "../secret", "February"])
def test_a_month_of_tallies_that_is_not_there_is_told(tmp_path: Path, month: str) -> None:
    assert_stopped(run("tallies", "--month", month, WAYMARK_TALLIES=str(tmp_path)))


def test_tallies_that_are_off_are_told() -> None:
    result = run("tallies", WAYMARK_TALLIES="")

    assert_stopped(result)
    assert "off" in result.output
