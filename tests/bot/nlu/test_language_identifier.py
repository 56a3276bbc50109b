"""bot/nlu/language_model.py and language_identifier.py: the language of a typed message."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from actions.language import SURE
from bot.nlu.language_identifier import (
    ELSEWHERE_FOLDER,
    LanguageIdentifier,
    is_elsewhere,
    language_elsewhere,
    read_examples,
)
from bot.nlu.language_model import BUCKETS, LanguageModel, fit, script_of
from bot.nlu.scorer import NotTrainedError
from bot.settings import PROJECT

FOLDER = PROJECT / "data" / "nlu"


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    """Learned from all training messages."""
    return fit(read_examples(FOLDER))


@pytest.mark.parametrize("text", ["", " ", "999", "😭", "?!", "٩٩٩", "\n", "\ud83d", "\x00"])
def test_text_without_letters_has_no_language(model: LanguageModel, text: str) -> None:
    assert model.identify(text).code is None


def test_words_that_are_joined_are_not_counted_apart(model: LanguageModel) -> None:
    """'i-am' and 'l-am' are Romanian; 'I am 15' must not be surely so."""
    guess = model.identify("I am 15")

    assert guess.code == "en" or guess.confidence < SURE


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I work every day and they do not pay me", "en"),
        ("trabajo todos los dias y no me pagan nada", "es"),
        ("أعمل كل يوم ولا يدفعون لي", "ar"),
        ("ساعدوني", "ar"),
        ("ana khayfa mish 3arfa a3mel eih", "ar"),
    ],
)
def test_the_language_of_a_message(model: LanguageModel, text: str, code: str) -> None:
    guess = model.identify(text)

    assert guess.code == code
    assert guess.confidence > 0.95


@pytest.mark.parametrize(
    "text", ["bla gronk wibble", "asdfgh jkl qwerty", "sdkjf sdkfj sdkf", "Начальник"]
)
def test_what_is_no_language_has_none(model: LanguageModel, text: str) -> None:
    assert model.identify(text).code is None


def test_a_language_without_messages_is_never_given(model: LanguageModel) -> None:
    folders = {file.parent.name for file in FOLDER.glob("*/*.yml")}
    assert set(model.codes) == folders - {ELSEWHERE_FOLDER}


def test_latin_letters_are_told_from_a_language_s_own(model: LanguageModel) -> None:
    assert model.own_script("ar") == "ARABIC"
    assert [s for c, s in zip(model.codes, model.scripts) if c == "ar"] == ["ARABIC", "LATIN"]


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("", ""),
        ("123", ""),
        ("hola", "LATIN"),
        ("سلام", "ARABIC"),
        ("我", "CJK"),
        ("ሰላም", "ETHIOPIC"),
    ],
)
def test_the_script_of_most_letters(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    "text",
    [
        "Начальник забрал мой паспорт",
        "шефу мь-а луат пашапортул",
        "পাসপোর্ট নিয়ে গেছে",
        "میرا پاسپورٹ مالک نے لے لیا ہے",
        "der Chef hat meinen Pass genommen und gibt ihn nicht zurück",
        "patronum pasaportumu aldı ve hiç para vermiyor, çok korkuyorum",
        "a főnök elvette az útlevelemet és nem fizet",
    ],
)
def test_a_language_that_is_none_of_ours(model: LanguageModel, text: str) -> None:
    assert is_elsewhere(text, model.identify(text), model)


@pytest.mark.parametrize(
    "text",
    [
        *("", "ok", "no", "bonjour", "my boss has my passport and he hits me"),
        *("no me pagan nada en el trabajo", "صاحب العمل أخذ جواز سفري", "اريد اشرب چاي"),
        *("i dont wanna go home bruv he mad", "wagwan fam my man took my ting"),
    ],
)
def test_ours_and_what_is_too_short_to_tell(model: LanguageModel, text: str) -> None:
    assert not is_elsewhere(text, model.identify(text), model)


# --- the component ---------------------------------------------------------------------
def stored(tmp_path: Path) -> tuple[LocalModelStorage, Resource]:
    return LocalModelStorage(tmp_path), Resource("languages")


def test_a_trained_component_tells_what_it_told_before(tmp_path: Path) -> None:
    some = tmp_path / "examples"
    some.mkdir()
    for code in ("en", "ar", ELSEWHERE_FOLDER):  # all of them take twenty seconds
        (some / code).symlink_to(FOLDER / code)
    storage, resource = stored(tmp_path)
    LanguageIdentifier({"examples": str(some)}, storage, resource).train(TrainingData())
    loaded = LanguageIdentifier.load({}, storage, resource, None)  # type: ignore[arg-type]
    messages = [
        Message({"text": "I want to talk with someone"}),
        Message({"text": "ana mish 3arfa a3mel eih"}),
        Message({}),
    ]

    loaded.process(messages)

    found = [message.get("language") for message in messages]
    assert [each["code"] for each in found] == ["en", "ar", None]
    assert [each["is_romanised"] for each in found] == [False, True, False]
    assert not any(each["is_elsewhere"] for each in found)


def test_a_missing_or_damaged_file_stops_the_start(tmp_path: Path) -> None:
    storage, resource = stored(tmp_path)
    with storage.write_to(resource) as folder:
        (folder / "languages.npz").write_bytes(b"PK broken")

    with pytest.raises(NotTrainedError, match="make train"):
        LanguageIdentifier.load({}, storage, resource, None)  # type: ignore[arg-type]


def test_a_file_of_the_wrong_shape_stops_the_start(tmp_path: Path) -> None:
    LanguageModel(("en",), ("LATIN",), np.zeros((BUCKETS, 2), np.float16)).save(tmp_path / "m.npz")

    with pytest.raises(NotTrainedError, match="wrong shape"):
        LanguageModel.load(tmp_path / "m.npz")


def test_a_folder_without_messages_is_no_training_data(tmp_path: Path) -> None:
    with pytest.raises(NotTrainedError, match="no messages"):
        read_examples(tmp_path)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Мій начальник забрав мій паспорт і не платить мені", "uk"),
        ("Начальник забрал мой паспорт и ничего не платит", "ru"),
        ("মালিক আমার পাসপোর্ট নিয়ে গেছে", "bn"),
        ("Ο εργοδότης μου κρατάει το διαβατήριο", "el"),
        ("میرے مالک نے میرا پاسپورٹ رکھ لیا ہے ڈر لگتا ہے", "ur"),
        ("زما پاسپورټ یې اخیستی دی ښه نه یم", None),
        ("Mein Chef hat meinen Reisepass weggenommen und zahlt nicht", "de"),
        ("Patronum pasaportumu aldı ve bana para vermiyor", "tr"),
    ],
)
def test_which_language_that_is_none_of_ours(text: str, code: str | None) -> None:
    assert language_elsewhere(text, script_of(text)) == code
