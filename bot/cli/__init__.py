"""The command line: `waymark serve`, chat, train, recognise, evaluate, directory, translate,
doctor, tallies, locale, telegram, rasa.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import memory
from bot.cli.directory import directory
from bot.cli.locale import locale
from bot.cli.starting import read_settings, stop
from bot.cli.telegram import telegram
from bot.errors import WaymarkError

app = typer.Typer(
    help="Waymark: a chat assistant for people who may be exploited, and those beside them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(directory, name="directory")
app.add_typer(locale, name="locale")
app.add_typer(telegram, name="telegram")


@app.command()
def serve() -> None:
    """Serve the page, the widget and the API (PORT, HOST; see README)."""
    memory.overwrite_what_is_freed()
    settings = read_settings()
    from bot.serve import serve as run

    try:
        run(settings)
    except (WaymarkError, OSError) as error:
        stop(f"Waymark can't start. {error}")


@app.command()
def chat(
    language: Annotated[str | None, typer.Option(help="A language code, e.g. es.")] = None,
) -> None:
    """Talk in the terminal."""
    settings = read_settings()
    from bot.channels.terminal import talk

    try:
        talk(settings, language)
    except WaymarkError as error:
        stop(f"Waymark can't start. {error}")


@app.command()
def train(
    force: Annotated[bool, typer.Option(help="Train even when nothing changed.")] = False,
) -> None:
    """Train the model when it is missing or stale."""
    settings = read_settings()
    from bot.training import train as run

    try:
        run(settings.model, force=force)
    except (WaymarkError, ValueError) as error:
        stop(str(error))


@app.command()
def recognise() -> None:
    """Read JSON lines {"id", "text"} on standard input; write what is heard, a line each."""
    settings = read_settings()
    from bot.recognition import open_recogniser, read_messages

    try:
        with open_recogniser(settings.model) as hear:
            for name, text in read_messages(sys.stdin):
                heard = hear(text)
                heard.pop("chance", None)  # not part of the contract
                line = json.dumps({"id": name, **heard}, ensure_ascii=False)
                print(line.encode("utf-8", "backslashreplace").decode())  # as JSON has it
    except WaymarkError as error:
        stop(str(error))


@app.command()
def evaluate(
    files: Annotated[list[Path], typer.Argument(help="JSON lines with gold labels.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare what is heard with gold labels: a table per language, intervals, worst mistakes."""
    settings = read_settings()
    from bot.evaluation import WORST, as_intervals, as_list, as_table, evaluate_files

    try:
        found = evaluate_files(files, settings.model)
    except (WaymarkError, ValueError, OSError) as error:
        stop(str(error))
    if as_json:
        typer.echo(json.dumps(found.measures, indent=2))
        return
    typer.echo(as_table(found.measures))
    typer.echo(f"\n95% intervals\n{as_intervals(found.measures)}")
    typer.echo(
        f"\nThe worst mistakes: chance, language, gold / heard\n{as_list(found.mistakes[:WORST])}"
    )


@app.command()
def translate(
    language: Annotated[str, typer.Argument(help="A gettext code, such as fr or zh_Hans.")],
    engine: Annotated[str, typer.Option(help="google or libre.")] = "google",
    url: Annotated[str, typer.Option(help="Of a LibreTranslate server.")] = "",
    key: Annotated[str, typer.Option(envvar="LIBRE_API_KEY", help="Of that server.")] = "",
    most: Annotated[int | None, typer.Option(help="How many strings at the most.")] = None,
) -> None:
    """Draft the missing words of a catalogue by machine, for a person to read and correct.

    Sends Waymark's own public words to the engine, nothing else. Nobody is shown a draft.
    """
    from tqdm import tqdm

    from bot.catalogues import drafting

    if engine not in drafting.ENGINES:
        stop(f"There is no engine '{engine}': {', '.join(drafting.ENGINES)}.")
    if (engine == "libre") != bool(url):
        stop("--url belongs to --engine libre, and libre needs one.")
    try:
        states = drafting.draft(language, drafting.engine(engine, language, url, key), most=most)
        *_, state = tqdm(states, desc="Drafting", unit="string", leave=False)
    except (WaymarkError, OSError) as error:
        stop(str(error))
    typer.echo(
        f"{state.drafted} drafted, {state.refused} refused because a number or placeholder was"
        f" lost, {state.left} left: {state.file}\n"
        "Read every string, take its 'fuzzy' mark away, and rename the file to waymark.po."
    )


@app.command()
def doctor() -> None:
    """Check this installation and say in plain words what to mend.

    'look' is a warning: it can be right on your machine. Only 'BAD' ends with code 1.
    """
    settings = read_settings()
    from bot.doctor import examine
    from bot.doctor_surroundings import warn

    problems = 0
    for name, warning in warn(settings):
        typer.echo(f"look {name}: {warning}" if warning else f"ok   {name}")
    for name, problem in examine(settings):
        typer.echo(
            f"{'ok  ' if problem is None else 'BAD '} {name}" + (f": {problem}" if problem else "")
        )
        problems += problem is not None
    if problems:
        raise typer.Exit(1)


@app.command()
def tallies(
    month: Annotated[
        str | None, typer.Option(help="A month that is over, such as 2026-11.")
    ] = None,
) -> None:
    """Print a finished month of anonymous tallies as CSV, for partners (docs/tallies.md)."""
    settings = read_settings()
    from bot.open_hours import london_now
    from bot.tallies.months import published

    if settings.tallies is None:
        stop("Tallies are off: WAYMARK_TALLIES is not set.")
    try:
        text = published(settings.tallies, month, london_now().date())
    except (WaymarkError, OSError) as error:
        stop(str(error))
    typer.echo(text, nl=False)


@app.command(
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    },
)
def rasa(context: typer.Context) -> None:
    """Run one of Rasa's own commands, e.g. `waymark rasa data validate`."""
    from bot.engine import quick_loading, rasa_setup

    rasa_setup.prepare()
    quick_loading.hasten()
    from rasa.__main__ import main

    sys.argv = ["rasa", *context.args]
    main()
