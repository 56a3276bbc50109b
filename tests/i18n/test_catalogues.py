"""Every catalogue says all that English says, in its own script, with the same numbers."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pytest
from babel.core import get_global
from catalogue_entries import LANGUAGES, Entry

Catalogues = dict[str, list[Entry]]

MAX_BUTTON_CHARS = 40
LONG_BUTTONS = {
    "utter_ask_worker_form_observed": 60,  # the signs in the strategy's words, one a line
}
SCRIPTS = {
    "Arab": "ARABIC",
    "Beng": "BENGALI",
    "Cyrl": "CYRILLIC",
    "Deva": "DEVANAGARI",
    "Ethi": "ETHIOPIC",
    "Guru": "GURMUKHI",
    "Hans": "CJK",
    "Hant": "CJK",
    "Latn": "LATIN",
    "Thai": "THAI",
}
OWN_SCRIPT_SHARE = 0.5
"""Least share of a message's letters; the rest may be names and words to say in London."""

FORBIDDEN = {
    "ar": ("إنقاذ", "الضعفاء", "غير شرعي", "دعارة", "عاهرة", "بغاء", "الاتجار بالبشر"),
    "es": ("rescat", "víctima", "vulnerables", "ilegal", "prostitu", "burdel", "trata de"),
    "fa": ("نجات", "قربانی", "قشر آسیب", "غیرقانونی", "قاچاق", "فاحشه", "تن‌فروش", "روسپی"),
    "fr": ("sauvetage", "victime", "vulnérables", "illégal", "clandestin", "prostitu", "traite"),
    "hi": ("तस्करी", "पीड़ित", "शिकार", "बेचार", "लाचार", "गैरकानूनी", "अवैध", "वेश्या"),
    "pl": ("ofiar", "bezbronn", "nielegaln", "prostytut", "burdel", "handel ludźmi"),
    "pt": (
        "resgat",
        "vítima",
        "vulnerávei",
        "ilegal",
        "clandestin",
        "prostitu",
        "bordel",
        "tráfic",
    ),
    "ro": ("victim", r"sclav\b", "vulnerabil", "ilegal", "prostitu", "bordel", "trafic"),
    "so": ("badbaadin", "samatabbixin", "dhibban", "nugul", "dhillo", "tahriib", "addoon"),
    "sq": ("viktim", "cenue", "ilegal", "prostitu", "trafik"),
    "th": ("เหยื่อ", "ผู้เสียหาย", "ค้ามนุษย์", "กู้ภัย", "ผิดกฎหมาย", "คนเถื่อน", "โสเภณี", "ขายตัว"),
    "ti": ("ንግዲ ሰብ", "ሸቐጥ ሰብ"),
    "tl": ("biktima", "sagip", "sinagip", "iligal", "prostitu", "alipin"),
    "vi": ("nạn nhân", "giải cứu", "buôn người", "bất hợp pháp", "mại dâm", "bán dâm", "yếu thế"),
    "zh_Hans": (
        "解救",
        "拯救",
        "受害者",
        "受害人",
        "弱势",
        "非法",
        "黑工",
        "偷渡",
        "卖淫",
        "妓女",
        "贩",
    ),
}
"""Beginnings of words that locales/<language>/REGISTER.md rules out."""

_PLACEHOLDER = re.compile(r"\{\w+\}")
_OUR_NAME = "Waymark"
_LONG_NUMBER = re.compile(r"\d(?:[\s().-]?\d){2,}")


def misfits(entries: list[Entry], is_wrong: object) -> list[str]:
    """Contexts and texts of the entries that are wrong."""
    return [f"{e.context}: {e.text or e.english}" for e in entries if is_wrong(e)]  # type: ignore[operator]


def long_numbers(text: str) -> list[str]:
    """Three digits or more in any script; the names of placeholders may hold some."""
    return _LONG_NUMBER.findall(_PLACEHOLDER.sub("", text))


def script_of(language: str) -> str:
    """Beginning of the Unicode names of a language's letters."""
    known = get_global("likely_subtags")
    code = language.split("_")[0]
    named = [part for part in language.split("_")[1:] if part in SCRIPTS]
    return SCRIPTS[named[0] if named else known[code].split("_")[1]]


def own_share(language: str, text: str) -> float:
    """Share of letters, placeholders and our name aside, that are of the language's script."""
    text = _PLACEHOLDER.sub("", text).replace(_OUR_NAME, "")
    letters = [char for char in text if char.isalpha()]
    own = [char for char in letters if unicodedata.name(char, "").startswith(script_of(language))]
    return len(own) / len(letters) if letters else 1.0


def test_there_are_catalogues() -> None:
    assert LANGUAGES, "no catalogue was found: nothing below would test anything"


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_are_those_of_the_template(
    catalogues: Catalogues, template: list[Entry], language: str
) -> None:
    wanted = {entry.key for entry in template}
    found = {entry.key for entry in catalogues[language]}

    assert {"missing": wanted - found, "unknown": found - wanted} == {
        "missing": set(),
        "unknown": set(),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_empty_or_fuzzy(catalogues: Catalogues, language: str) -> None:
    assert misfits(catalogues[language], lambda e: not e.text.strip() or e.is_fuzzy) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same(catalogues: Catalogues, language: str) -> None:
    def differs(entry: Entry) -> bool:
        english, text = (Counter(_PLACEHOLDER.findall(t)) for t in (entry.english, entry.text))
        return english != text

    assert misfits(catalogues[language], differs) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_brace_stands_alone(catalogues: Catalogues, language: str) -> None:
    def is_loose(entry: Entry) -> bool:
        return bool(re.search(r"[{}]", _PLACEHOLDER.sub("", entry.text)))

    assert misfits(catalogues[language], is_loose) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_line_breaks_are_the_same(catalogues: Catalogues, language: str) -> None:
    differs = misfits(catalogues[language], lambda e: e.english.count("\n") != e.text.count("\n"))

    assert differs == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_are_short(
    catalogues: Catalogues, buttons: set[tuple[str, str]], language: str
) -> None:
    def is_long(entry: Entry) -> bool:
        limit = LONG_BUTTONS.get(entry.context, MAX_BUTTON_CHARS)
        return entry.key in buttons and len(entry.text) > limit

    assert misfits(catalogues[language], is_long) == []


def test_english_buttons_are_short(buttons: set[tuple[str, str]]) -> None:
    assert [
        (name, title)
        for name, title in sorted(buttons)
        if len(title) > LONG_BUTTONS.get(name, MAX_BUTTON_CHARS)
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_in_the_language_s_script(catalogues: Catalogues, language: str) -> None:
    """Official names of services stay as they are said in London."""

    def is_foreign(entry: Entry) -> bool:
        is_name = entry.context.startswith("service.") and entry.context.endswith(".name")
        return not is_name and own_share(language, entry.text) < OWN_SCRIPT_SHARE

    assert misfits(catalogues[language], is_foreign) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phone_number_is_typed(catalogues: Catalogues, language: str) -> None:
    """A long number may stand only where the English has the same one: in a service's name."""

    def has_number(entry: Entry) -> bool:
        typed = long_numbers(entry.text)
        is_name = entry.context.startswith("service.") and entry.context.endswith(".name")
        return bool(typed) and not (is_name and typed == long_numbers(entry.english))

    assert misfits(catalogues[language], has_number) == []


def test_no_phone_number_is_typed_in_english(english: list[Entry]) -> None:
    assert [
        entry.key
        for entry in english
        if long_numbers(entry.english) and not entry.context.endswith(".name")
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_terms_ruled_out_are_absent(catalogues: Catalogues, language: str) -> None:
    start = "" if language in ("th", "zh_Hans") else r"(?<!\w)"  # no spaces between words

    def is_ruled_out(entry: Entry) -> bool:
        is_name = entry.context.startswith("service.") and entry.context.endswith(".name")
        terms = () if is_name else FORBIDDEN[language]
        return any(re.search(start + term, entry.text, re.I) for term in terms)

    assert misfits(catalogues[language], is_ruled_out) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_has_its_register(language: str) -> None:
    """How to address people, which words to keep, who has read it."""
    from bot.i18n import LOCALES

    assert (LOCALES / language / "REGISTER.md").is_file()
