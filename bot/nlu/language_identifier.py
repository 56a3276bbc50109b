"""Rasa component: the language of a typed message, with langdetect limited to our languages."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from importlib import resources
from typing import Any, Final

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

LANGUAGE: Final = "language"
"""Parse output: {"code", "confidence", "is_elsewhere"}; code is None when the text does not show
it, `is_elsewhere` says that it is in none of our languages."""

ELSEWHERE: Final = ("fr", "hu", "it", "lt", "pl", "pt", "ro", "so", "sq", "sw", "tl", "tr", "vi")
"""Languages in Latin letters that are told from ours (DESIGN section 5)."""
ELSEWHERE_SURE: Final = 0.95
ELSEWHERE_WORDS: Final = 4
"""langdetect is sure of short messages and often wrong; these many words it gets mostly right."""

ARABIC: Final = "ARABIC"
SCRIPTS: Final = {"ar": ARABIC, "fa": ARABIC, "ur": ARABIC, "ps": ARABIC, "hi": "DEVANAGARI"}
LATIN: Final = "LATIN"
NOT_ARABIC: Final = frozenset("پچژگٹڈڑںےۀ")
"""Letters of Persian, Urdu and Pashto. One alone is also a sound of spoken Arabic."""

READ: Final = 400
"""Characters that are enough to know a language."""

_LETTERS = re.compile(r"[^\W\d_]", re.UNICODE)
_ARABIC = re.compile(r"[\u0600-\u06FF]")


@functools.lru_cache(maxsize=4)
def _factory(languages: tuple[str, ...]):  # type: ignore[no-untyped-def]
    from langdetect.detector_factory import DetectorFactory

    folder = resources.files("langdetect") / "profiles"
    factory = DetectorFactory()
    factory.seed = 0
    factory.load_json_profile([(folder / code).read_text(encoding="utf-8") for code in languages])
    return factory


def identify(text: str, languages: tuple[str, ...]) -> tuple[str | None, float]:
    """Say which of these languages a text is in.

    Returns:
        (code, probability 0..1), or (None, 0.0) for text without letters.
    """
    from langdetect.lang_detect_exception import LangDetectException

    if len(_LETTERS.findall(text)) < 2:
        return None, 0.0
    if "ar" in languages and len(_ARABIC.findall(text)) * 2 > len(_LETTERS.findall(text)):
        arabic = [code for code in languages if code in ("ar", "fa", "ur")]
        if arabic == ["ar"]:
            return "ar", 1.0
    detector = _factory(languages).create()
    detector.append(text)
    try:
        best = detector.get_probabilities()[0]
    except (LangDetectException, IndexError):
        return None, 0.0
    return str(best.lang), float(best.prob)


def is_elsewhere(text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text is in none of these languages: by its script, then by langdetect."""
    letters = [char for char in text if char.isalpha()]
    if len(letters) < 2:
        return False
    named = [unicodedata.name(char, "").split()[0] for char in letters]
    script, count = Counter(named).most_common(1)[0]
    if count * 2 <= len(letters):
        return False
    if script not in {SCRIPTS.get(code, LATIN) for code in languages}:
        return True
    if script == ARABIC:
        return "fa" not in languages and sum(char in NOT_ARABIC for char in letters) > 1
    if script != LATIN or len(text.split()) < ELSEWHERE_WORDS:
        return False
    code, confidence = identify(text, _with_elsewhere(languages))
    return code not in languages and confidence >= ELSEWHERE_SURE


def _with_elsewhere(languages: tuple[str, ...]) -> tuple[str, ...]:
    return (*languages, *(code for code in ELSEWHERE if code not in languages))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class LanguageIdentifier(GraphComponent):
    """Adds LANGUAGE to the parse output."""

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["langdetect"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`languages`: the codes to choose from, as langdetect names its profiles."""
        return {"languages": ["en"]}

    def __init__(self, config: dict[str, Any]) -> None:
        self._languages = tuple(config["languages"])
        _factory(self._languages)
        _factory(_with_elsewhere(self._languages))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        """Create, and load the profiles now."""
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training needs no language."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set LANGUAGE on every message that has text."""
        for message in messages:
            text = str(message.get(TEXT) or "")[:READ]
            code, confidence = identify(text, self._languages)
            found = {
                "code": code,
                "confidence": confidence,
                "is_elsewhere": is_elsewhere(text, self._languages),
            }
            message.set(LANGUAGE, found, add_to_output=True)
        return messages
