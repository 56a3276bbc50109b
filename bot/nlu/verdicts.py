"""How likely each label is, and any concern: what a scorer says of a text, weighed together.

A label's own score knows nothing of what else the text may be. 'My phone died' scores for
danger, and far higher for talk about phones. So the log-odds of a label weigh three scores: its
own, that of any concern, and the highest among the intents that carry no label. Those of any
concern weigh, in place of an own score, the log-odds of the nearest label. Learned by logistic
regression on messages that the scorer has not seen; DECISIONS.md 98 has what it brought.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from bot.nlu.hearing import ANY, SAID_OF
from bot.nlu.labels import FLAGS, LABELS
from bot.nlu.scorer import NotTrainedError

DECIDED: Final = (ANY, *LABELS)
"""What is decided about every message, in this order; a scorer's first names."""
N_RISKS: Final = len(DECIDED) + len(SAID_OF)
"""The scorer's names before the intents that carry no label."""

COUNTS_FROM: Final = {
    ANY: 0.6,
    "immediate_danger": 0.25,
    "self_harm": 0.12,
    "under_18": 0.2,
}
"""The chance from which a concern and a flag count: flags early, because a missed one can't be
taken back. Chosen on the development sets (DECISIONS.md 98). Signs and types count from where F1
is best."""

OTHER_TROUBLE: Final = 0.25
"""How much a message counts that has a label but not the flag, while the flag is learned. A flag
must above all not be heard in harmless messages; raised for one that tells of another trouble, it
costs less, but pushes that trouble aside."""

NEVER: Final = -20.0
"""Log-odds of a label that no judged message carries."""


@dataclass(frozen=True)
class Verdicts:
    """Log-odds of DECIDED from a scorer's scores, and from where each counts.

    Attributes:
        weights: [n_decided, 3], of the own score (for ANY: the nearest label's log-odds), the
            score of any concern, and the highest of the other intents.
        bias: [n_decided].
        cuts: [n_decided], log-odds.
    """

    weights: np.ndarray
    bias: np.ndarray
    cuts: np.ndarray

    def odds(self, scores: np.ndarray) -> np.ndarray:
        """Log-odds of DECIDED, [n, n_decided], from scores of ANY, LABELS, SAID_OF and intents."""
        concern, other = scores[:, :1], scores[:, N_RISKS:].max(axis=1, keepdims=True)
        own, of_concern, of_other = self.weights.T
        labels = scores[:, 1 : len(DECIDED)] * own[1:] + concern * of_concern[1:]
        labels += other * of_other[1:] + self.bias[1:]
        nearest = labels.max(axis=1, keepdims=True)
        any_ = nearest * own[0] + concern * of_concern[0] + other * of_other[0] + self.bias[0]
        return np.hstack([any_, labels])

    def save(self, path: Path) -> None:
        """Write JSON, one entry a name."""
        rows = zip(DECIDED, self.weights.tolist(), self.bias.tolist(), self.cuts.tolist())
        path.write_text(json.dumps({n: {"weights": w, "bias": b, "cut": c} for n, w, b, c in rows}))

    @classmethod
    def load(cls, path: Path) -> Verdicts:
        """Read what `save` wrote; raises NotTrainedError."""
        try:
            stored = json.loads(path.read_text())
            of_this_version = tuple(stored) == DECIDED
            columns = [
                np.array([entry[key] for entry in stored.values()], dtype=float)
                for key in ("weights", "bias", "cut")
            ]
        except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
            raise NotTrainedError("verdicts can't be read: run `make train` again") from error
        n = len(DECIDED)
        if not of_this_version or [each.shape for each in columns] != [(n, 3), (n,), (n,)]:
            raise NotTrainedError("verdicts are of another version: train again with `make train`")
        if not all(np.isfinite(each).all() for each in columns):
            raise NotTrainedError("verdicts are damaged: train again with `make train`")
        return cls(*columns)


def learn_verdicts(scores: np.ndarray, is_so: np.ndarray) -> Verdicts:
    """Learn verdicts from messages that the scorer has not seen.

    Args:
        scores: [n, n_names], as `Verdicts.odds` reads them.
        is_so: bool [n, n_decided].
    """
    n = len(DECIDED)
    verdicts = Verdicts(np.zeros((n, 3)), np.full(n, NEVER), np.zeros(n))
    concern, other = scores[:, 0], scores[:, N_RISKS:].max(axis=1)
    for column, name in enumerate(DECIDED[1:], start=1):
        elsewhere = is_so[:, 0] & ~is_so[:, column]
        counts = np.where(elsewhere, OTHER_TROUBLE if name in FLAGS else 1.0, 1.0)
        read = np.stack([scores[:, column], concern, other], axis=1)
        _weigh(verdicts, column, read, is_so[:, column], counts)
    nearest = verdicts.odds(scores)[:, 1:].max(axis=1)
    read = np.stack([nearest, concern, other], axis=1)
    _weigh(verdicts, 0, read, is_so[:, 0], np.ones(len(read)))
    odds = verdicts.odds(scores)
    for column, name in enumerate(DECIDED):
        if chance := COUNTS_FROM.get(name):
            verdicts.cuts[column] = np.log(chance / (1 - chance))
        elif is_so[:, column].any():
            verdicts.cuts[column] = _best_f1(odds[:, column], is_so[:, column])
    return verdicts


def _weigh(
    verdicts: Verdicts, column: int, read: np.ndarray, is_so: np.ndarray, counts: np.ndarray
) -> None:
    from sklearn.linear_model import LogisticRegression

    if is_so.any():
        model = LogisticRegression(max_iter=1000).fit(read, is_so, sample_weight=counts)
        verdicts.weights[column], verdicts.bias[column] = model.coef_[0], model.intercept_[0]


def _best_f1(odds: np.ndarray, is_so: np.ndarray) -> float:
    candidates = np.unique(np.quantile(odds[is_so], np.linspace(0.0, 0.9, 200)))
    hits = np.array([(odds[is_so] >= cut).sum() for cut in candidates], dtype=float)
    wrong = np.array([(odds[~is_so] >= cut).sum() for cut in candidates], dtype=float)
    f1 = 2 * hits / (hits + wrong + is_so.sum())
    return float(candidates[int(np.argmax(f1))])
