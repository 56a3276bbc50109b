"""The command line: `waymark serve`, chat, train, recognise, evaluate, directory, translate,
doctor, telegram setup, telegram poster, rasa.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.errors import WaymarkError
from bot.settings import Settings, load_settings

app = typer.Typer(
    help="Waymark: a chat assistant for people who may be exploited, and those beside them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
telegram = typer.Typer(
    help="What stands around the Telegram bot: its name and commands, posters.",
    no_args_is_help=True,
)
app.add_typer(telegram, name="telegram")


def _settings() -> Settings:
    from bot.privacy import configure_logging

    try:
        settings = load_settings(os.environ)
    except WaymarkError as error:
        _stop(str(error))
    configure_logging(settings.log_level)
    return settings


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)


@app.command()
def serve() -> None:
    """Serve the page, the widget and the API (PORT, HOST; see README)."""
    settings = _settings()
    from bot.serve import serve as run

    try:
        run(settings)
    except (WaymarkError, OSError) as error:
        _stop(f"Waymark can't start. {error}")


@app.command()
def chat(
    language: Annotated[str | None, typer.Option(help="A language code, e.g. es.")] = None,
) -> None:
    """Talk in the terminal."""
    settings = _settings()
    from bot.channels.terminal import talk

    try:
        talk(settings, language)
    except WaymarkError as error:
        _stop(f"Waymark can't start. {error}")


@app.command()
def train(
    force: Annotated[bool, typer.Option(help="Train even when nothing changed.")] = False,
) -> None:
    """Train the model when it is missing or stale."""
    settings = _settings()
    from bot.training import train as run

    try:
        run(settings.model, force=force)
    except (WaymarkError, ValueError) as error:
        _stop(str(error))


@app.command()
def recognise() -> None:
    """Read JSON lines {"id", "text"} on standard input; write what is heard, a line each."""
    settings = _settings()
    from bot.recognition import open_recogniser

    try:
        with open_recogniser(settings.model) as hear:
            for line in sys.stdin:
                if line.strip():
                    message = json.loads(line)
                    if not isinstance(message, dict):
                        raise ValueError('each line must look like {"id": 1, "text": "..."}')
                    heard = hear(str(message.get("text") or ""))
                    print(json.dumps({"id": message.get("id"), **heard}, ensure_ascii=False))
    except (WaymarkError, ValueError) as error:
        _stop(str(error))


@app.command()
def evaluate(
    files: Annotated[list[Path], typer.Argument(help="JSON lines with gold labels.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare what is heard with gold labels; a table per language."""
    settings = _settings()
    from bot.evaluation import as_table, evaluate_files

    try:
        result = evaluate_files(files, settings.model)
    except (WaymarkError, ValueError, OSError) as error:
        _stop(str(error))
    typer.echo(json.dumps(result, indent=2) if as_json else as_table(result))


@app.command()
def directory() -> None:
    """Check the directory of services; warn of entries older than six months."""
    from bot.doctor import check_directory

    problems, warnings = check_directory()
    for line in (*problems, *warnings):
        typer.echo(line)
    if problems:
        raise typer.Exit(1)
    typer.echo("The directory is sound.")


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

    from bot import drafting

    if engine not in drafting.ENGINES:
        _stop(f"There is no engine '{engine}': {', '.join(drafting.ENGINES)}.")
    if (engine == "libre") != bool(url):
        _stop("--url belongs to --engine libre, and libre needs one.")
    try:
        states = drafting.draft(language, drafting.engine(engine, language, url, key), most=most)
        *_, state = tqdm(states, desc="Drafting", unit="string", leave=False)
    except (WaymarkError, OSError) as error:
        _stop(str(error))
    typer.echo(
        f"{state.drafted} drafted, {state.refused} refused because a number or placeholder was"
        f" lost, {state.left} left: {state.file}\n"
        "Read every string, take its 'fuzzy' mark away, and rename the file to waymark.po."
    )


@app.command()
def doctor() -> None:
    """Check this installation and say in plain words what to mend."""
    settings = _settings()
    from bot.doctor import examine

    problems = 0
    for name, problem in examine(settings):
        typer.echo(
            f"{'ok  ' if problem is None else 'BAD '} {name}" + (f": {problem}" if problem else "")
        )
        problems += problem is not None
    if problems:
        raise typer.Exit(1)


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


@telegram.command("setup")
def telegram_setup(
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before changing.")] = False,
) -> None:
    """Set the bot's name, descriptions and commands in every language; shows changes first."""
    settings = _settings()
    if not settings.telegram_token:
        _stop("Set TELEGRAM_BOT_TOKEN to the token that BotFather gave you.")
    from bot.channels.telegram.bot_api import run_with_bot
    from bot.channels.telegram.setup import set_up
    from bot.wording import load_wording

    def agrees() -> bool:
        return yes or typer.confirm("Change this?")

    try:
        wording = load_wording()
        is_done = run_with_bot(
            settings,
            lambda bot: set_up(bot, wording, say=typer.echo, agrees=agrees),
        )
    except WaymarkError as error:
        _stop(str(error))
    if not is_done:
        raise typer.Exit(1)


@telegram.command("poster")
def telegram_poster(
    language: Annotated[str, typer.Option(help="A language code, e.g. vi.")],
    borough: Annotated[str | None, typer.Option(help="A borough id, e.g. southwark.")] = None,
    route: Annotated[str | None, typer.Option(help="self, other or worker.")] = None,
    bot: Annotated[str | None, typer.Option(help="The bot's name; else Telegram is asked.")] = None,
    web: Annotated[str | None, typer.Option(help="Lead to this web page instead.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write here instead of to the screen.")] = None,
) -> None:
    """Make a printable page with a QR code and pieces to tear off."""
    settings = _settings()
    from bot.channels.telegram import poster
    from bot.channels.telegram.bot_api import ask_username
    from bot.wording import load_wording

    try:
        wording = load_wording()
        link = poster.hints(wording, language, borough, route)
        if web:
            way = poster.web_way(web, link)
        elif bot or settings.telegram_token:
            way = poster.telegram_way(bot or ask_username(settings), link)
        else:
            _stop("Give --bot NAME, or set TELEGRAM_BOT_TOKEN so that Telegram can be asked.")
        page = poster.make_poster(wording, link, way)
        out.write_text(page, encoding="utf-8") if out else typer.echo(page)
    except (WaymarkError, OSError) as error:
        _stop(str(error))
    if wording.catalogues.languages[link.language or "en"].is_draft:
        typer.echo("A machine drafted these words: have them read before you print.", err=True)
