"""bot/catalogues/review.py: states, what is taken from a reader, and what changed since."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from bot.catalogues import review
from bot.i18n import LOCALES, load_catalogues

DATE = datetime.date(2026, 12, 1)
BYE = "Goodbye. Take care."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The template and the Spanish catalogue, to be changed."""
    shutil.copy(LOCALES / "waymark.pot", tmp_path)
    shutil.copytree(LOCALES / "es" / "LC_MESSAGES", tmp_path / "es" / "LC_MESSAGES")
    return tmp_path


def home(folder: Path) -> Path:
    return folder / "es" / "LC_MESSAGES" / "waymark.po"


def sent(folder: Path, old: str = "", new: str = "") -> Path:
    """What a reader sends back: our file under another header, with one change in a translation."""
    body = home(folder).read_text(encoding="utf-8").split("\n\n", 1)[1]
    lines = body.split("\n")
    changed = [n for n, line in enumerate(lines) if old in line and line.startswith("msgstr")]
    lines[changed[0]] = lines[changed[0]].replace(old, new, 1)
    file = folder / "sent.po"
    header = 'msgid ""\nmsgstr ""\n"X-Generator: Poedit\\n"\n\n'
    file.write_text(header + "\n".join(lines), encoding="utf-8")
    return file


def take(folder: Path, file: Path, **given: str) -> list[review.Change]:
    values = {"state": "read-by-native-speaker", "reader": "a native speaker, a nurse"} | given
    return review.take("es", file, date=DATE, folder=folder, **values)


def a_word(folder: Path) -> str:
    """A translation without placeholders that stands once."""
    text = home(folder).read_text(encoding="utf-8")
    at = text.index('msgid "Is anyone in danger right now?"')
    line = text[at:].split("\n")[1]
    return line.removeprefix('msgstr "').removesuffix('"')


def test_every_catalogue_has_a_state() -> None:
    states = {code: review.state_of(code) for code in review.codes()}

    assert set(states) == set(load_catalogues().languages) - {"en"}
    for code, state in states.items():
        assert state.state in review.STATES
        assert state.said == state.messages > 500
        assert load_catalogues().languages[code].is_draft == (state.state == review.DRAFTED)


def test_a_reviewed_catalogue_takes_the_place_of_ours(folder: Path) -> None:
    before = a_word(folder)

    changes = take(folder, sent(folder, before, "¿Corre peligro alguien ahora?"))

    assert [change.now for change in changes] == ["¿Corre peligro alguien ahora?"]
    state = review.state_of("es", folder)
    assert (state.state, state.read) == (
        "read-by-native-speaker",
        "2026-12-01, a native speaker, a nurse",
    )
    assert not load_catalogues(folder).languages["es"].is_draft
    assert "Poedit" not in home(folder).read_text(encoding="utf-8")


def test_what_changed_since_is_told(folder: Path) -> None:
    word = a_word(folder)
    take(folder, sent(folder))
    assert review.changes_since_review("es", folder) == []

    text = home(folder).read_text(encoding="utf-8")
    home(folder).write_text(text.replace(word, "¿Hay peligro?", 1), encoding="utf-8")

    (change,) = review.changes_since_review("es", folder)
    assert (change.before, change.now) == (word, "¿Hay peligro?")
    assert review.state_of("es", folder).changed == 1


def test_a_second_review_replaces_the_first(folder: Path) -> None:
    take(folder, sent(folder))
    take(folder, sent(folder), state="checked-by-specialist", reader="a caseworker")

    state = review.state_of("es", folder)
    assert (state.state, state.read) == ("checked-by-specialist", "2026-12-01, a caseworker")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("{emergency_999}", "999", "placeholders differ"),
        ("{emergency_999}", "{emergency_999", "a brace stands alone"),
        ("¿", "víctima ¿", "a term that is ruled out"),
    ],
)
def test_what_breaks_a_rule_is_refused_whole(folder: Path, old: str, new: str, what: str) -> None:
    before = home(folder).read_text(encoding="utf-8")

    with pytest.raises(review.FaultyCatalogueError) as refused:
        take(folder, sent(folder, old, new))

    assert any(what in fault for fault in refused.value.faults)
    assert home(folder).read_text(encoding="utf-8") == before


def test_a_missing_message_is_refused(folder: Path) -> None:
    file = sent(folder)
    text = file.read_text(encoding="utf-8")
    start = text.index('msgctxt "utter_thank"')
    file.write_text(text[:start] + text[text.index("\n\n", start) + 2 :], encoding="utf-8")

    with pytest.raises(review.FaultyCatalogueError, match="can't be taken"):
        take(folder, file)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"state": "drafted-by-machine"}, "read-by-native-speaker"),
        ({"state": "perfect"}, "read-by-native-speaker"),
        ({"reader": "  "}, "kind of reader"),
    ],
)
def test_a_review_needs_its_state_and_reader(
    folder: Path, given: dict[str, str], said: str
) -> None:
    with pytest.raises(review.ReviewError, match=said):
        take(folder, sent(folder), **given)


def test_what_a_reader_says_of_themselves_can_break_no_header(folder: Path) -> None:
    take(folder, sent(folder), reader='a nurse"\\n"X-Waymark-Review: none')

    assert review.state_of("es", folder).state == "read-by-native-speaker"
    assert review.state_of("es", folder).said > 500


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"hello", b'msgid "x"\nmsgstr "y'])
def test_what_is_no_catalogue_is_refused(folder: Path, content: bytes) -> None:
    file = folder / "sent.po"
    file.write_bytes(content)

    with pytest.raises(review.ReviewError):
        take(folder, file)


@pytest.mark.parametrize("language", ["en", "xx", "../es", ""])
def test_an_unknown_language_is_named(folder: Path, language: str) -> None:
    with pytest.raises(review.ReviewError, match="There is no catalogue"):
        review.state_of(language, folder)
