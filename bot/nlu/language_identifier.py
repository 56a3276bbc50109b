"""Rasa component: the language of a typed message, or that it is in none of ours."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any, Final

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import fingerprint, language_model
from bot.nlu.language_model import LATIN, Guess, LanguageModel
from bot.nlu.scorer import NotTrainedError
from bot.settings import PROJECT

LANGUAGE: Final = "language"
"""Parse output: {"code", "confidence", "is_romanised", "is_elsewhere", "elsewhere"}; code is None
when the text does not show it; `is_romanised`: in Latin letters, though the language has its own;
`is_elsewhere`: it is in none of our languages; `elsewhere`: then which, as far as langdetect can
tell, else None."""

ELSEWHERE: Final = ("cs", "de", "hu", "id", "it", "lt", "nl", "sk", "sw", "tr")
"""Languages in Latin letters that langdetect is asked about, beside those of ours it knows."""
ELSEWHERE_BY_SCRIPT: Final = {
    "BENGALI": ("bn",),
    "CYRILLIC": ("bg", "mk", "ru", "uk"),
    "GREEK": ("el",),
    "GUJARATI": ("gu",),
    "GURMUKHI": ("pa",),
    "HANGUL": ("ko",),
    "HEBREW": ("he",),
    "HIRAGANA": ("ja",),
    "KANNADA": ("kn",),
    "KATAKANA": ("ja",),
    "MALAYALAM": ("ml",),
    "TAMIL": ("ta",),
    "TELUGU": ("te",),
}
"""Languages of langdetect in scripts that none of ours uses."""
URDU: Final = frozenset("ٹڈڑںے")
PASHTO_OR_KURDISH: Final = frozenset("ښځړږڼټېێۆەڕڵ")
ELSEWHERE_FOLDER: Final = "elsewhere"
"""Of data/nlu: messages in languages that are heard, and neither spoken nor told apart."""
ELSEWHERE_SURE: Final = 0.95
ELSEWHERE_WORDS: Final = 4
ELSEWHERE_FAMILIARITY: Final = -7.0
"""langdetect is sure of short messages and often wrong: it is asked only about some words, and
only where they look little like ours (language_model.Guess.familiarity)."""

ARABIC: Final = "ARABIC"
NOT_OURS: Final = frozenset("ٹڈڑںےښځړږڼډټېێۆەڕڵ")
"""Letters of Urdu, Pashto and Kurdish. One alone may be a slip."""

READ: Final = 400
"""Characters that are enough to know a language."""

_FILE: Final = "languages.npz"


@functools.lru_cache(maxsize=4)
def langdetect_factory(languages: tuple[str, ...]):  # type: ignore[no-untyped-def]
    """Langdetect with the profiles of these languages, the same answer each time."""
    from langdetect.detector_factory import DetectorFactory

    folder = resources.files("langdetect") / "profiles"
    factory = DetectorFactory()
    factory.seed = 0
    factory.load_json_profile([(folder / code).read_text(encoding="utf-8") for code in languages])
    return factory


def _profiles(ours: Iterable[str]) -> tuple[str, ...]:
    """Those of ours that langdetect knows, and ELSEWHERE."""
    folder = resources.files("langdetect") / "profiles"
    return (*(code for code in sorted(set(ours)) if (folder / code).is_file()), *ELSEWHERE)


def is_elsewhere(text: str, guess: Guess, model: LanguageModel) -> bool:
    """Whether a text is in none of our languages: by its script, then by langdetect."""
    if not guess.script or sum(char.isalpha() for char in text) < 2:
        return False
    if guess.script not in model.scripts:
        return True
    if guess.script == ARABIC:
        return sum(char in NOT_OURS for char in text) > 1
    is_short = len(text.split()) < ELSEWHERE_WORDS
    if guess.script != LATIN or is_short or guess.familiarity > ELSEWHERE_FAMILIARITY:
        return False
    return _detected(text, _profiles(model.codes)) in ELSEWHERE


def language_elsewhere(text: str, script: str) -> str | None:
    """Which language a text is in that is in none of ours; None when that can't be told.

    Args:
        script: as the Unicode names of its letters begin.
    """
    if script == ARABIC:
        return "ur" if URDU & set(text) and not PASHTO_OR_KURDISH & set(text) else None
    codes = ELSEWHERE if script == LATIN else ELSEWHERE_BY_SCRIPT.get(script, ())
    return codes[0] if len(codes) == 1 else _detected(text, codes)


def _detected(text: str, codes: tuple[str, ...]) -> str | None:
    """What langdetect is sure of among these."""
    from langdetect.lang_detect_exception import LangDetectException

    if not codes:
        return None
    detector = langdetect_factory(codes).create()
    detector.append(text)
    try:
        best = detector.get_probabilities()[0]
    except (LangDetectException, IndexError):
        return None
    return str(best.lang) if best.prob >= ELSEWHERE_SURE else None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Adds LANGUAGE to the parse output."""

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["langdetect"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`examples`: a folder with a folder of training messages for each language. Rasa's own
        training data don't say in which file a message stood.
        """
        return {"examples": "data/nlu"}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LanguageModel | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        """Create an untrained identifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changed code makes the model stale."""
        return fingerprint.of_code()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn each language from its folder."""
        self._model = language_model.fit(read_examples(PROJECT / self._config["examples"]))
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / _FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        """Load a trained identifier, and langdetect's profiles."""
        with model_storage.read_from(resource) as folder:
            model = LanguageModel.load(folder / _FILE)
        langdetect_factory(_profiles(model.codes))
        return cls(config, model_storage, resource, model)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Other components need no language in training."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set LANGUAGE on every message."""
        for message in messages:
            message.set(LANGUAGE, self._found(str(message.get(TEXT) or "")[:READ]), True)
        return messages

    def _found(self, text: str) -> dict[str, Any]:
        if self._model is None:
            raise NotTrainedError("LanguageIdentifier was asked before training")
        guess = self._model.identify(text)
        elsewhere = is_elsewhere(text, guess, self._model)
        return {
            "code": guess.code,
            "confidence": guess.confidence,
            "is_romanised": bool(
                guess.code and guess.script == LATIN and self._model.own_script(guess.code) != LATIN
            ),
            "is_elsewhere": elsewhere,
            "elsewhere": language_elsewhere(text, guess.script) if elsewhere else None,
        }


def read_examples(folder: Path) -> dict[str, list[str]]:
    """Training messages by language: the texts of every block of <folder>/<language>/*.yml, but
    for ELSEWHERE_FOLDER.

    Raises:
        NotTrainedError: there are none.
    """
    line = re.compile(r"^\s*- (.+)$", re.MULTILINE)
    found: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*/*.yml")):
        if file.parent.name == ELSEWHERE_FOLDER:
            continue
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        texts = found.setdefault(file.parent.name, [])
        for block in content["nlu"]:
            texts += line.findall(block["examples"])
    if not found:
        raise NotTrainedError(f"there are no messages of any language in {folder}")
    return found
