"""bot/nlu/scorer.py and scorer_training.py: scores from vectors and n-grams, as plain arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.nlu import scorer_training
from bot.nlu.scorer import NotTrainedError, Scorer, in_bytes
from bot.nlu.scorer_training import train

NAMES = ("zero", "more", "two")
WORDS = ("red apple", "blue whale", "green leaf")


def clusters(n: int) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Vectors, texts and kinds: n of each of three kinds."""
    which = np.repeat(np.arange(3), n)
    centres = np.random.default_rng(7).normal(size=(3, 8)) * 4
    noise = np.random.default_rng(1).normal(size=(3 * n, 8)) * 0.3
    return (centres[which] + noise).astype(np.float32), [WORDS[i] for i in which], which


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer neurons: the same code, quickly."""
    monkeypatch.setattr(scorer_training, "HIDDEN", 16)


@pytest.fixture
def trained() -> Scorer:
    vectors, texts, which = clusters(10)
    names = ("c0", "c1", "c2")
    targets = which[:, None] == np.arange(3)
    return train(vectors, np.arange(30), texts, targets, names, n_whole=1)[0]


@pytest.fixture
def saved(trained: Scorer, tmp_path: Path) -> Path:
    path = tmp_path / "scorer.npz"
    trained.save(path)
    return path


# --- damaged files --------------------------------------------------------------------------
def test_a_missing_file_raises(tmp_path: Path) -> None:
    with pytest.raises(NotTrainedError, match="make train"):
        Scorer.load(tmp_path / "none.npz")


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.9, 0.999])
def test_a_truncated_file_raises(saved: Path, share: float) -> None:
    content = saved.read_bytes()
    saved.write_bytes(content[: int(share * len(content))])

    with pytest.raises(NotTrainedError, match="make train"):
        Scorer.load(saved)


@pytest.mark.parametrize(
    "content", [b"garbage" * 100, b"PK\x03\x04" + b"\0" * 200], ids=["text", "zip"]
)
def test_garbage_raises(saved: Path, content: bytes) -> None:
    saved.write_bytes(content)

    with pytest.raises(NotTrainedError, match="make train"):
        Scorer.load(saved)


def test_a_flipped_byte_in_an_array_raises(saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[content.index(b"names.npy") + 40] ^= 0xFF
    saved.write_bytes(bytes(content))

    with pytest.raises(NotTrainedError, match="make train"):
        Scorer.load(saved)


def test_a_single_array_raises(saved: Path) -> None:
    with saved.open("wb") as stream:
        np.save(stream, np.zeros(3))

    with pytest.raises(NotTrainedError):
        Scorer.load(saved)


def spoil(path: Path, **arrays: Any) -> None:
    with np.load(path) as stored:
        kept = {name: stored[name] for name in stored.files}
    kept.update(arrays)
    np.savez(path, **{name: array for name, array in kept.items() if array is not None})


@pytest.mark.parametrize(
    "arrays",
    [
        {"names": np.array(["a", "b", "c", "d"])},
        {"idf": np.zeros(3, np.float32)},
        {"hashes": np.zeros(3, np.uint32)},
        {"words": np.zeros((3, 2), np.int8)},
        {"word_scale": np.zeros(3, np.float32)},
        {"word_bias": np.zeros(2, np.float32)},
        {"layer_0_0_w": np.zeros((3, 2), np.float32)},
        {"layer_0_0_b": np.zeros(2, np.float32)},
        {"layer_0_1_b": np.zeros(2, np.float32)},
        {"layer_0_0_w": np.full((3, 16), np.nan, np.float32)},
        {"word_bias": np.full(3, np.nan, np.float32)},
        {"reads": np.array([], dtype="<U6"), "depth": np.array([], int)},
        {"reads": np.array(["words", "words"])},
    ],
    ids=lambda arrays: " ".join(f"{name} {array.shape}" for name, array in arrays.items()),
)
def test_wrong_shapes_and_values_raise(saved: Path, arrays: dict[str, np.ndarray]) -> None:
    """Else the first message fails, or nothing is ever heard."""
    spoil(saved, **arrays)

    with pytest.raises(NotTrainedError):
        Scorer.load(saved)


@pytest.mark.parametrize(
    "name",
    ["names", "reads", "depth", "mixing", "hashes", "idf", "words", "word_scale", "layer_0_0_w"],
)
def test_a_missing_array_raises(saved: Path, name: str) -> None:
    spoil(saved, **{name: None})

    with pytest.raises(NotTrainedError):
        Scorer.load(saved)


def test_weights_that_are_no_bytes_raise(trained: Scorer, saved: Path) -> None:
    """As a model of an older version has them."""
    spoil(saved, words=trained.words.astype(np.float16))

    with pytest.raises(NotTrainedError):
        Scorer.load(saved)


def test_pickled_objects_are_never_loaded(saved: Path) -> None:
    spoil(saved, names=np.array([object()] * 3))

    with pytest.raises(NotTrainedError):
        Scorer.load(saved)


# --- a byte a weight ------------------------------------------------------------------------
def test_weights_in_bytes_score_nearly_the_same() -> None:
    weights = np.random.default_rng(3).normal(size=(50, 7)).astype(np.float32)
    weights[4] = 0

    words, scale = in_bytes(weights)

    assert words.dtype == np.int8
    assert np.abs(words * scale[:, None] - weights).max() <= np.abs(weights).max() / 254 + 1e-6
    assert not words[4].any() and scale[4] == 0


# --- round trip and shapes ------------------------------------------------------------------
def test_what_was_saved_scores_the_same(trained: Scorer, saved: Path) -> None:
    vectors, texts, _ = clusters(4)

    loaded = Scorer.load(saved)

    assert loaded.names == trained.names
    assert np.array_equal(loaded.scores(vectors, texts), trained.scores(vectors, texts))


def test_the_kinds_are_learned(trained: Scorer) -> None:
    vectors, texts, which = clusters(5)

    assert trained.scores(vectors, texts).argmax(axis=1).tolist() == which.tolist()


@pytest.mark.parametrize("text", ["", "😭", "?!"])
def test_without_words_the_vector_is_read(trained: Scorer, text: str) -> None:
    vectors, _, _ = clusters(1)

    scores = trained.scores(vectors, [text] * 3)

    assert np.isfinite(scores).all()
    assert len(np.unique(scores, axis=0)) == 3


@pytest.fixture(scope="module")
def half() -> tuple[np.ndarray, np.ndarray, list[str], np.ndarray]:
    """Vectors of every second text, which texts they are, the texts, targets of NAMES."""
    vectors, texts, which = clusters(60)
    encoded = np.arange(0, 180, 2)
    return vectors[encoded], encoded, texts, np.stack([which == 0, which > 0, which == 2], axis=1)


def test_each_name_is_learned_by_itself_and_the_same_each_time(half: Any) -> None:
    vectors, encoded, texts, targets = half

    (first, *_), (second, *_) = (train(*half, NAMES, n_whole=2) for _ in range(2))

    scores = first.scores(vectors, [texts[i] for i in encoded])
    assert first.names == NAMES
    assert ((scores > 0) == targets[encoded]).all()
    assert np.array_equal(scores, second.scores(vectors, [texts[i] for i in encoded]))


def test_a_message_does_not_teach_its_own_score(half: Any) -> None:
    vectors, encoded, texts, targets = half
    wrong = targets.copy()
    wrong[0] = ~wrong[0]

    _, unseen, judged = train(vectors, encoded, texts, wrong, NAMES, n_whole=2)

    (place,) = np.flatnonzero(judged == 0)
    assert unseen.shape == (len(judged), 3)
    assert unseen[place, 0] > 0
    assert unseen[place, 1] < 0
