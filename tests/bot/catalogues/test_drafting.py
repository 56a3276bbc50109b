"""bot/drafting.py: machine drafts of a catalogue that nobody is shown."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.catalogues import drafting
from bot.catalogues.drafting import DraftError, draft
from bot.catalogues.files import read_catalogue
from bot.cli import app
from bot.i18n import LOCALES, load_catalogues

POT = """
msgctxt "a"
msgid "Call {emergency_999} now, or 08000 121 700."
msgstr ""

msgctxt "b"
msgid ""
"First line.\\n"
"Second, at 10:30."
msgstr ""

msgctxt "c"
msgid "{link}"
msgstr ""
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "waymark.pot").write_text(POT)
    return tmp_path


def shout(text: str) -> str:
    return text.upper()


def drafted(folder: Path, language: str = "fr") -> dict[str, tuple[str, bool]]:
    """Context -> (words, whether they are fuzzy)."""
    file = folder / language / "LC_MESSAGES" / "waymark.draft.po"
    catalogue = read_catalogue(file, language)
    return {m.context: (str(m.string), m.fuzzy) for m in catalogue if m.id}


def test_placeholders_and_numbers_never_go_through_the_machine(folder: Path) -> None:
    sent: list[str] = []

    def note(text: str) -> str:
        sent.append(text)
        return text.upper()

    list(draft("fr", note, folder=folder))

    assert not any(c.isdigit() and f"⟦{c}⟧" not in text for text in sent for c in text)
    assert "emergency" not in " ".join(sent)
    assert drafted(folder) == {
        "a": ("CALL {emergency_999} NOW, OR 08000 121 700.", True),
        "b": ("FIRST LINE.\nSECOND, AT 10:30.", True),
        "c": ("{link}", True),
    }


def test_digits_of_another_script_are_understood(folder: Path) -> None:
    list(draft("ar", lambda text: text.replace("0", "٠").replace("1", "١"), folder=folder))

    assert drafted(folder, "ar")["a"][0] == "Call {emergency_999} now, or 08000 121 700."


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("⟦0⟧", ""),
        lambda text: text + " ⟦0⟧",
        lambda text: text.replace("⟦0⟧", "⟦7⟧"),
        lambda text: text.replace("⟦0⟧", "{x"),
        lambda text: "",
    ],
    ids=["lost", "twice", "another", "a brace", "nothing"],
)
def test_a_string_that_lost_something_stays_empty(folder: Path, spoil: drafting.Translate) -> None:
    *_, state = draft("fr", spoil, folder=folder)

    assert drafted(folder)["a"] == ("", False)
    assert state.refused >= 1


def test_work_is_kept_when_the_engine_fails_and_goes_on_later(folder: Path) -> None:
    calls = iter([shout, None])

    def fail_later(text: str) -> str:
        if next(calls) is None:
            raise DraftError("google failed: Timeout.")
        return shout(text)

    with pytest.raises(DraftError):
        list(draft("fr", fail_later, folder=folder))
    first = drafted(folder)
    *_, state = draft("fr", str.lower, folder=folder)

    assert first["a"][0].startswith("CALL")
    assert drafted(folder)["a"] == first["a"]
    assert (state.drafted, state.left) == (2, 0)


def test_what_a_person_wrote_is_kept(folder: Path) -> None:
    home = folder / "fr" / "LC_MESSAGES"
    home.mkdir(parents=True)
    top = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"X-Waymark-Review: read-by-native-speaker\\n"\n'
    (home / "waymark.po").write_text(f'{top}\nmsgctxt "c"\nmsgid "{{link}}"\nmsgstr "à {{link}}"\n')

    list(draft("fr", shout, folder=folder))

    assert drafted(folder)["c"] == ("à {link}", False)
    assert "read-by-native-speaker" in (home / "waymark.draft.po").read_text()


def test_nobody_is_shown_a_draft(tmp_path: Path) -> None:
    shutil.copytree(LOCALES, tmp_path / "locales")
    next(iter(draft("fr", shout, folder=tmp_path / "locales", most=1)))

    assert "nl" not in load_catalogues(tmp_path / "locales").languages


@pytest.mark.parametrize("language", ["en", "xx", "not a language"])
def test_a_language_that_can_t_be_drafted_is_refused(folder: Path, language: str) -> None:
    with pytest.raises(DraftError):
        list(draft(language, shout, folder=folder))


@pytest.mark.parametrize("name", drafting.ENGINES)
def test_every_engine_can_be_made_without_a_call(name: str) -> None:
    assert callable(drafting.engine(name, "zh_Hans", "http://127.0.0.1:9"))


def test_an_engine_that_can_t_be_reached_says_so() -> None:
    translate = drafting.engine("libre", "fr", "http://127.0.0.1:9")

    with pytest.raises(DraftError, match="libre failed"):
        translate("Hello")


@pytest.mark.parametrize(
    "given", [["fr", "--engine", "none"], ["fr", "--engine", "libre"], ["fr", "--url", "http://x"]]
)
def test_the_command_refuses_what_does_not_fit(given: list[str]) -> None:
    result = CliRunner().invoke(app, ["translate", *given])

    assert result.exit_code == 1
