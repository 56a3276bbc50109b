"""bot/nlu/scorer.py and scorer_training.py: scores from vectors and n-grams, as plain arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.nlu import ngrams, scorer_training
from bot.nlu.scorer import NotTrainedError, Scorer
from bot.nlu.scorer_training import train_any_of, train_one_of

WORDS = ("red apple", "blue whale", "green leaf")


def clusters(n: int) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Vectors, texts and kinds: n of each of three kinds."""
    which = np.repeat(np.arange(3), n)
    centres = np.random.default_rng(7).normal(size=(3, 8)) * 4
    noise = np.random.default_rng(1).normal(size=(3 * n, 8)) * 0.3
    return (centres[which] + noise).astype(np.float32), [WORDS[i] for i in which], which


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer buckets and neurons: the same code, quickly."""
    monkeypatch.setattr(ngrams.counts, "__defaults__", (512,))
    monkeypatch.setattr(scorer_training, "ONE_OF_BUCKETS", 512)
    monkeypatch.setattr(scorer_training, "HIDDEN", 16)


@pytest.fixture
def trained() -> Scorer:
    vectors, texts, which = clusters(10)
    return train_one_of(vectors, np.arange(30), texts, [f"c{i}" for i in which])


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
        {"idf": np.zeros(511, np.float32)},
        {"words": np.zeros((512, 2), np.float16)},
        {"word_bias": np.zeros(2, np.float32)},
        {"layer_0_0_w": np.zeros((8, 2), np.float32)},
        {"layer_0_0_b": np.zeros(2, np.float32)},
        {"layer_0_0_w": np.full((8, 3), np.nan, np.float32)},
        {"words": np.full((512, 3), np.nan, np.float16)},
        {"reads": np.array([], dtype="<U6"), "depth": np.array([], int)},
        {"reads": np.array(["words"]), "layer_0_0_w": np.zeros((8, 3), np.float32)},
    ],
    ids=lambda arrays: " ".join(f"{name} {array.shape}" for name, array in arrays.items()),
)
def test_wrong_shapes_and_values_raise(saved: Path, arrays: dict[str, np.ndarray]) -> None:
    """Else the first message fails, or nothing is ever heard."""
    spoil(saved, **arrays)

    with pytest.raises(NotTrainedError):
        Scorer.load(saved)


@pytest.mark.parametrize(
    "name", ["names", "reads", "depth", "mixing", "idf", "words", "layer_0_0_w"]
)
def test_a_missing_array_raises(saved: Path, name: str) -> None:
    spoil(saved, **{name: None})

    with pytest.raises(NotTrainedError):
        Scorer.load(saved)


def test_pickled_objects_are_never_loaded(saved: Path) -> None:
    spoil(saved, names=np.array([object()] * 3))

    with pytest.raises(NotTrainedError):
        Scorer.load(saved)


# --- round trip and shapes ------------------------------------------------------------------
def test_what_was_saved_scores_the_same(trained: Scorer, saved: Path) -> None:
    vectors, texts, _ = clusters(4)

    loaded = Scorer.load(saved)

    assert loaded.names == trained.names
    assert np.array_equal(loaded.scores(vectors, texts), trained.scores(vectors, texts))


def test_one_of_learns_the_kinds(trained: Scorer) -> None:
    vectors, texts, which = clusters(5)

    shares = trained.shares(vectors, texts)

    assert shares.argmax(axis=1).tolist() == which.tolist()
    assert np.allclose(shares.sum(axis=1), 1)


@pytest.mark.parametrize("text", ["", "😭", "?!"])
def test_without_words_the_vector_decides(trained: Scorer, text: str) -> None:
    vectors, _, _ = clusters(1)

    assert trained.shares(vectors, [text] * 3).argmax(axis=1).tolist() == [0, 1, 2]


def test_two_names_give_two_columns() -> None:
    vectors, texts, which = clusters(10)
    kinds = [f"c{i}" for i in which[which < 2]]

    two = train_one_of(vectors[which < 2], np.arange(20), texts[:20], kinds)

    assert two.shares(vectors[:20], texts[:20]).argmax(axis=1).tolist() == which[:20].tolist()


def test_a_name_without_a_vector_stops_the_training() -> None:
    vectors, texts, which = clusters(10)

    with pytest.raises(ValueError, match="vector"):
        train_one_of(vectors[:20], np.arange(20), texts, [f"c{i}" for i in which])


@pytest.fixture(scope="module")
def half() -> tuple[np.ndarray, np.ndarray, list[str], np.ndarray]:
    """Vectors of every second text, which texts they are, the texts, targets with a hint."""
    vectors, texts, which = clusters(60)
    encoded = np.arange(0, 180, 2)
    return vectors[encoded], encoded, texts, np.stack([which == 0, which > 0, which == 2], axis=1)


def test_any_of_learns_each_name_by_itself_and_the_same_each_time(half: Any) -> None:
    vectors, encoded, texts, targets = half

    (first, _), (second, _) = (train_any_of(*half, ("zero", "more")) for _ in range(2))

    scores = first.scores(vectors, [texts[i] for i in encoded])
    assert first.names == ("zero", "more")
    assert ((scores > 0) == targets[encoded, :2]).all()
    assert np.array_equal(scores, second.scores(vectors, [texts[i] for i in encoded]))


def test_any_of_is_saved_with_its_hints(half: Any, tmp_path: Path) -> None:
    vectors, _, texts, _ = half
    trained, _ = train_any_of(*half, ("zero", "more"))
    trained.save(tmp_path / "scorer.npz")

    loaded = Scorer.load(tmp_path / "scorer.npz")

    assert np.array_equal(loaded.scores(vectors, texts[::2]), trained.scores(vectors, texts[::2]))


def test_a_message_does_not_teach_its_own_score(half: Any) -> None:
    vectors, encoded, texts, targets = half
    wrong = targets.copy()
    wrong[0] = ~wrong[0]

    _, unseen = train_any_of(vectors, encoded, texts, wrong, ("zero", "more"))

    assert unseen.shape == (90, 2)
    assert unseen[0, 0] > 0
    assert unseen[0, 1] < 0
