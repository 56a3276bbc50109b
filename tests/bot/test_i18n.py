"""bot/i18n.py: languages and catalogues."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.i18n import LOCALES, CatalogueError, Catalogues, load_catalogues

HEADER = """msgid ""
msgstr ""
"Language: {code}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"X-Waymark-Review: {review}\\n"

"""
ENTRIES = """msgctxt "utter_a"
msgid "Hello"
msgstr "Salute"

#, fuzzy
msgctxt "utter_b"
msgid "Goodbye"
msgstr "Adieu"

msgctxt "utter_c"
msgid "Thanks"
msgstr ""
"""


def write(folder: Path, code: str, text: str | bytes) -> None:
    file = folder / code / "LC_MESSAGES" / "waymark.po"
    file.parent.mkdir(parents=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def catalogues(tmp_path: Path) -> Catalogues:
    """A language that no one ships, one with a script, one right to left."""
    for code, review in (
        ("ia", "drafted-by-machine"),
        ("zh_Hans", "read-by-native-speaker"),
        ("ar", "checked-by-specialist"),
    ):
        write(tmp_path, code, HEADER.format(code=code, review=review) + ENTRIES)
    return load_catalogues(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        b'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        b'msgid "a"\nmsgstr "\xff\xfe"\n',
        b'msgctxt "utter_a"\nmsgid "Hello\nmsgstr "Salute"\n',
        b"<<<<<<< HEAD\nthis is no catalogue\n",
    ],
    ids=["not UTF-8", "open quotation mark", "merge conflict"],
)
def test_a_broken_catalogue_raises(tmp_path: Path, text: bytes) -> None:
    """A catalogue read in part would serve half its sentences in English, unseen."""
    write(tmp_path, "ia", text)

    with pytest.raises(CatalogueError, match=r"waymark\.po"):
        load_catalogues(tmp_path)


@pytest.mark.parametrize("share", [n / 40 for n in range(1, 41)])
def test_a_catalogue_that_is_cut_off_raises(tmp_path: Path, share: float) -> None:
    whole = (LOCALES / "vi" / "LC_MESSAGES" / "waymark.po").read_bytes()
    cut = whole[: int(len(whole) * share) - 1]
    write(tmp_path, "vi", cut.rstrip(b"\n"))

    with pytest.raises(CatalogueError, match=r"waymark\.po"):
        load_catalogues(tmp_path)


def test_a_folder_that_names_no_language_raises(tmp_path: Path) -> None:
    write(tmp_path, "qqq", HEADER.format(code="qqq", review="x") + ENTRIES)

    with pytest.raises(CatalogueError, match="qqq"):
        load_catalogues(tmp_path)


def test_a_language_without_its_catalogue_raises(tmp_path: Path) -> None:
    write(tmp_path, "vi", HEADER.format(code="vi", review="x") + ENTRIES)
    (tmp_path / "vi" / "LC_MESSAGES" / "waymark.po").unlink()

    with pytest.raises(CatalogueError, match="vi"):
        load_catalogues(tmp_path)


def test_no_catalogue_leaves_english(tmp_path: Path) -> None:
    assert list(load_catalogues(tmp_path).languages) == ["en"]


def test_a_fuzzy_entry_is_not_served(catalogues: Catalogues) -> None:
    assert catalogues.text("ia", "utter_b", "Goodbye") == "Goodbye"


def test_an_empty_entry_falls_back_to_english(catalogues: Catalogues) -> None:
    assert catalogues.text("ia", "utter_c", "Thanks") == "Thanks"


def test_an_entry_of_another_context_is_not_served(catalogues: Catalogues) -> None:
    assert catalogues.text("ia", "utter_z", "Hello") == "Hello"


def test_empty_english_is_not_the_header(catalogues: Catalogues) -> None:
    """gettext keeps the header under the empty string."""
    assert catalogues.text("ia", "utter_a", "") == ""


def test_a_translated_entry_is_served(catalogues: Catalogues) -> None:
    assert catalogues.text("ia", "utter_a", "Hello") == "Salute"


def test_an_unknown_language_is_served_english(catalogues: Catalogues) -> None:
    assert catalogues.text("qq", "utter_a", "Hello") == "Hello"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["xx"], None),
        ([""], None),
        (["*"], None),
        (["-"], None),
        (["../../etc"], None),
        ([], None),
        (["IA"], "ia"),
        (["ia-419"], "ia"),
        (["ia_XX_yy"], "ia"),
        (["zh-Hans-CN"], "zh_Hans"),
        (["zh-hans"], "zh_Hans"),
        (["zh"], "zh_Hans"),
        (["en-GB"], "en"),
        (["xx", "ar-EG", "ia"], "ar"),
    ],
)
def test_negotiate(catalogues: Catalogues, wanted: list[str], found: str | None) -> None:
    assert catalogues.negotiate(wanted) == found


@pytest.mark.parametrize("language", [None, "", "xx"])
def test_an_unknown_language_is_english(catalogues: Catalogues, language: str | None) -> None:
    assert catalogues.known(language) == "en"


def test_spanish_of_latin_america_is_spanish() -> None:
    assert load_catalogues().negotiate(["es-419"]) == "es"


@pytest.mark.parametrize(
    ("code", "is_draft"), [("ia", True), ("zh_Hans", False), ("ar", False), ("en", False)]
)
def test_only_the_work_of_a_machine_is_a_draft(
    catalogues: Catalogues, code: str, is_draft: bool
) -> None:
    assert catalogues.languages[code].is_draft is is_draft


def test_a_catalogue_that_does_not_say_is_a_draft(tmp_path: Path) -> None:
    write(
        tmp_path,
        "ia",
        HEADER.format(code="ia", review="x").replace('"X-Waymark-Review: x\\n"\n', "") + ENTRIES,
    )

    assert load_catalogues(tmp_path).languages["ia"].is_draft is True


@pytest.mark.parametrize(("code", "direction"), [("ar", "rtl"), ("ia", "ltr"), ("en", "ltr")])
def test_direction(catalogues: Catalogues, code: str, direction: str) -> None:
    assert catalogues.languages[code].dir == direction


@pytest.mark.parametrize(
    ("tag", "code"),
    [("fil-PH", "tl"), ("prs-AF", "fa"), ("mo", "ro"), ("zh-TW", "zh_Hans"), ("pt-BR", "pt")],
)
def test_tags_that_devices_send_find_our_language(tag: str, code: str) -> None:
    assert load_catalogues().negotiate([tag]) == code


def test_languages_are_shown_by_their_own_names() -> None:
    names = {code: each.name for code, each in load_catalogues().languages.items()}

    assert (names["tl"], names["vi"], names["es"]) == ("Filipino", "Tiếng Việt", "Español")
    assert names["zh_Hans"] == "中文 (简体)"
