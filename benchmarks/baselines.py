"""Simpler ways to hear the same labels, for comparison on the same messages.

Each is a function that learns what it needs and returns `hear(text, language)`, in the shape of
bot/recognition.py. They tell flags, and whether there is any concern; 'any' stands for that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bot.nlu.encoder import encode
from bot.nlu.labels import FLAGS, LABELS, parse_labels
from bot.text import UNSPACED, clean, normal_form, part_read

Heard = dict[str, Any]
Hear = Callable[[str, str], Heard]
KEYWORDS = Path(__file__).parent / "data" / "keywords.yml"
JOINED = ("ar", "fa", "ti")
"""Languages that write 'and', 'my' and the like as part of the word."""

DESCRIPTIONS = {
    "immediate_danger": "Someone is in immediate danger of serious harm right now.",
    "self_harm": "The person wants to die or to hurt themselves.",
    "under_18": "A child is being exploited.",
    "fear_of_authorities": "The person is threatened with the police or deportation.",
    "poor_conditions": "The person gets no food, no sleep, no heating or no medical care.",
    "trauma": "The person has nightmares and shakes because of what was done to them.",
    "violence": "The person is hit or hurt by somebody.",
    "unfamiliar": "The person does not know where they are or the local language.",
    "controller": "Somebody else speaks and decides for the person.",
    "debt": "The person must work off a debt.",
    "documents_held": "Somebody else keeps the person's passport.",
    "cannot_leave": "The person is locked in and may not leave.",
    "isolation": "The person may not contact anybody.",
    "threats": "Somebody threatens the person or their family.",
    "excessive_hours": "The person works very long hours.",
    "unpaid": "The person is not paid for their work.",
    "no_bank_access": "Somebody else has the person's bank card and wages.",
    "deception": "The job was not what had been promised.",
    "coerced": "The person is made to do something they do not want.",
    "forced_labour": "The person is forced to work in a factory, farm or car wash.",
    "sexual_exploitation": "The person is made to sell sex.",
    "domestic_servitude": "The person is forced to clean and cook in a private home.",
    "criminal_exploitation": "The person is made to carry drugs or to steal.",
    "forced_marriage": "The person is forced to marry.",
    "organ_harvesting": "Somebody wants a part of the person's body.",
}
ORDINARY = (
    "Ordinary talk about work and colleagues.",
    "Ordinary talk about money and shopping.",
    "Ordinary talk about family and children.",
    "Food and cooking.",
    "Travel and transport.",
    "Health and doctors.",
    "The flat and the landlord.",
    "The phone and the internet.",
    "School and homework.",
    "Football and sport.",
    "Films, series and games.",
    "Love and dating.",
    "Religion and prayer.",
    "The weather.",
    "A joke.",
    "Passports, visas and forms.",
    "The police in general.",
    "A question about how this chat works.",
    "A greeting or thanks.",
    "Everything is fine now.",
)


def heard_as(flags: list[str], *, any_concern: bool) -> Heard:
    """In the shape of bot/recognition.py."""
    any_concern = any_concern or bool(flags)
    return {
        "flags": sorted(flags),
        "signs": ["any"] if any_concern else [],
        "types": [],
        "who": "none",
        "intent": None,
        "chance": float(any_concern),
    }


def by_keywords() -> Hear:
    """A list of words in each language (data/keywords.yml)."""
    lists = yaml.safe_load(KEYWORDS.read_text(encoding="utf-8"))
    patterns = {
        language: {
            label: re.compile("|".join(_edge(normal_form(word), language) for word in words))
            for label, words in labels.items()
        }
        for language, labels in lists.items()
    }

    def hear(text: str, language: str) -> Heard:
        form = normal_form(text)
        found = {
            label for label, any_of in patterns.get(language, {}).items() if any_of.search(form)
        }
        return heard_as([f for f in FLAGS if f in found], any_concern=bool(found))

    return hear


def _edge(word: str, language: str) -> str:
    if UNSPACED.search(word) or language in JOINED:
        return re.escape(word)
    return rf"(?<!\S){re.escape(word)}(?!\S)"


def by_ngrams(examples: list[tuple[str, set[str]]]) -> Hear:
    """As Rasa's pipeline without networks: words and character n-grams (1 to 4) counted, then
    logistic regression, one for each flag and one for any concern."""
    from joblib import Parallel, delayed
    from scipy import sparse
    from sklearn.feature_extraction.text import HashingVectorizer

    counts = [
        HashingVectorizer(n_features=2**18, alternate_sign=False, norm=None, **kind)
        for kind in (
            {"analyzer": "word", "token_pattern": r"\S+"},
            {"analyzer": "char_wb", "ngram_range": (1, 4)},
        )
    ]

    def rows(texts: list[str]) -> sparse.csr_matrix:
        return sparse.hstack([each.transform(texts) for each in counts]).tocsr()

    features = rows([text for text, _ in examples])
    targets = {"any": [bool(labels) for _, labels in examples]}
    targets |= {flag: [flag in labels for _, labels in examples] for flag in FLAGS}
    fitted = Parallel(n_jobs=2)(
        delayed(_regression)(features, wanted) for wanted in targets.values()
    )
    models = dict(zip(targets, fitted))

    def hear(text: str, language: str) -> Heard:
        row = rows([text])
        found = {name for name, model in models.items() if model.predict(row)[0]}
        return heard_as([f for f in FLAGS if f in found], any_concern=bool(found))

    return hear


def _regression(features: Any, wanted: list[bool]) -> Any:
    """With the settings of Rasa's LogisticRegressionClassifier; a hundred passes are all it gets."""
    import warnings

    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return LogisticRegression(solver="lbfgs", max_iter=100, tol=1e-4).fit(features, wanted)


def by_description(development: list[tuple[str, set[str]]]) -> Hear:
    """No examples at all: the nearest of a sentence for each label and for ordinary talk. How much
    nearer a label must be is chosen on the development set."""
    labels = encode([DESCRIPTIONS[name] for name in LABELS])
    ordinary = encode(list(ORDINARY))

    def nearer(text: str) -> tuple[float, np.ndarray]:
        vector = encode([text])[0]
        likeness = labels @ vector
        return float(likeness.max() - (ordinary @ vector).max()), likeness

    margins = np.array([nearer(text)[0] for text, _ in development])
    is_concern = np.array([bool(wanted) for _, wanted in development])
    cuts = np.quantile(margins, np.linspace(0.02, 0.98, 97))
    worst = [
        min((margins[is_concern] >= cut).mean(), (margins[~is_concern] < cut).mean())
        for cut in cuts
    ]
    cut = float(cuts[int(np.argmax(worst))])

    def hear(text: str, language: str) -> Heard:
        margin, likeness = nearer(text)
        nearest = LABELS[int(likeness.argmax())]
        flags = [nearest] if margin >= cut and nearest in FLAGS else []
        return heard_as(flags, any_concern=margin >= cut)

    return hear


def read_examples(folder: Path) -> list[tuple[str, set[str]]]:
    """All training messages with their labels."""
    found = []
    for file in sorted(folder.glob("*/*.yml")):
        for block in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            labels = set(parse_labels(str((block.get("metadata") or {}).get("labels") or "")))
            lines = re.findall(r"^\s*- (.+)$", block["examples"], re.MULTILINE)
            found += [(part_read(clean(line)), labels) for line in lines]
    return found
