"""bot/nlu/heads.py: linear heads, stored as plain arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.heads import Heads, NotTrainedError, train_any_of, train_one_of

RNG = np.random.default_rng(7)
CENTRES = RNG.normal(size=(3, 8)).astype(np.float32) * 4


def clusters(n: int) -> tuple[np.ndarray, np.ndarray]:
    """n points round each of three centres, and which centre."""
    which = np.repeat(np.arange(3), n)
    noise = np.random.default_rng(1).normal(size=(3 * n, 8)).astype(np.float32) * 0.3
    return (CENTRES[which] + noise).astype(np.float32), which


@pytest.fixture
def heads() -> Heads:
    vectors, which = clusters(10)
    return train_one_of(vectors, [f"c{i}" for i in which], strength=0.1)


@pytest.fixture
def saved(heads: Heads, tmp_path: Path) -> Path:
    path = tmp_path / "heads.npz"
    heads.save(path)
    return path


# --- damaged files ------------------------------------------------------------------------
def test_a_missing_file_raises(tmp_path: Path) -> None:
    with pytest.raises(NotTrainedError, match="make train"):
        Heads.load(tmp_path / "none.npz")


@pytest.mark.parametrize("size", [0, 1, 10, 100, 0.5, 0.9, 0.999])
def test_a_truncated_file_raises(saved: Path, size: float) -> None:
    content = saved.read_bytes()
    saved.write_bytes(content[: int(size * len(content)) if isinstance(size, float) else size])

    with pytest.raises(NotTrainedError, match="make train"):
        Heads.load(saved)


@pytest.mark.parametrize("content", [b"garbage" * 100, b"PK\x03\x04" + b"\0" * 200], ids=["text", "zip"])
def test_garbage_raises(saved: Path, content: bytes) -> None:
    saved.write_bytes(content)

    with pytest.raises(NotTrainedError, match="make train"):
        Heads.load(saved)


def test_a_flipped_byte_raises(saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[len(content) // 2] ^= 0xFF
    saved.write_bytes(bytes(content))

    with pytest.raises(NotTrainedError, match="make train"):
        Heads.load(saved)


def test_a_single_array_raises(saved: Path) -> None:
    with saved.open("wb") as stream:
        np.save(stream, np.zeros(3))

    with pytest.raises(NotTrainedError):
        Heads.load(saved)


@pytest.mark.parametrize(
    ("weights", "bias"),
    [
        (np.zeros(8), np.zeros(3)),
        (np.zeros((8, 2)), np.zeros(3)),
        (np.zeros((8, 3)), np.zeros(2)),
        (np.zeros((8, 3)), np.zeros((3, 1))),
        (np.full((8, 3), np.nan), np.zeros(3)),
    ],
    ids=["one dimension", "weights short", "bias short", "bias square", "not numbers"],
)
def test_wrong_shapes_and_values_raise(saved: Path, weights: np.ndarray, bias: np.ndarray) -> None:
    np.savez(saved, names=np.array(["a", "b", "c"]), weights=weights, bias=bias)

    with pytest.raises(NotTrainedError):
        Heads.load(saved)


def test_a_missing_array_raises(saved: Path) -> None:
    np.savez(saved, names=np.array(["a"]), weights=np.zeros((8, 1)))

    with pytest.raises(NotTrainedError):
        Heads.load(saved)


def test_pickled_objects_are_never_loaded(saved: Path) -> None:
    np.savez(saved, names=np.array([object()]), weights=np.zeros((8, 1)), bias=np.zeros(1))

    with pytest.raises(NotTrainedError):
        Heads.load(saved)


# --- round trip and shapes ----------------------------------------------------------------
def test_what_was_saved_predicts_the_same(heads: Heads, saved: Path) -> None:
    vectors, _ = clusters(4)

    loaded = Heads.load(saved)

    assert loaded.names == heads.names
    assert np.array_equal(loaded.scores(vectors), heads.scores(vectors))


def test_one_of_learns_the_clusters(heads: Heads) -> None:
    vectors, which = clusters(5)

    assert heads.share(vectors).argmax(axis=1).tolist() == which.tolist()


def test_shares_sum_to_one(heads: Heads) -> None:
    assert np.allclose(heads.share(clusters(3)[0]).sum(axis=1), 1)


def test_extreme_scores_stay_numbers() -> None:
    heads = Heads(("a", "b"), np.full((8, 2), 1e6, np.float32), np.zeros(2, np.float32))
    vectors = np.array([[1.0] * 8, [-1.0] * 8], np.float32)

    assert np.isfinite(heads.each(vectors)).all()
    assert np.isfinite(heads.share(vectors)).all()


def test_two_classes_give_two_columns() -> None:
    vectors, which = clusters(10)
    vectors, which = vectors[which < 2], which[which < 2]

    heads = train_one_of(vectors, [f"c{i}" for i in which], strength=0.1)

    assert heads.share(vectors).argmax(axis=1).tolist() == which.tolist()


def test_any_of_learns_each_column_by_itself() -> None:
    vectors, which = clusters(10)
    targets = np.stack([which == 0, which > 0], axis=1)

    heads = train_any_of(vectors, targets, ("zero", "more"), strength=0.1)

    assert ((heads.each(vectors) > 0.5) == targets).all()


def test_training_is_deterministic() -> None:
    vectors, which = clusters(10)
    targets = np.stack([which == 0, which == 1], axis=1)

    first, second = (train_any_of(vectors, targets, ("a", "b"), strength=0.1) for _ in range(2))

    assert np.array_equal(first.weights, second.weights)
