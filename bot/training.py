"""Train the model when it is missing or stale."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Final

from bot.errors import WaymarkError, no_room
from bot.settings import PROJECT

SOURCES: Final = ("config.yml", "domain.yml", "data/nlu", "data/stories", "data/danger_phrases")
SOURCES_MORE: Final = ("data/safe_phrases", "bot/nlu", "bot/text.py", "uv.lock")
"""A change in any of these makes Rasa look at its fingerprints again."""


class TrainingError(WaymarkError):
    """Training gave no model."""


def digest() -> str:
    """A digest of everything that a model is made from."""
    total = hashlib.sha256()
    for source in (*SOURCES, *SOURCES_MORE):
        path = PROJECT / source
        files = sorted(f for f in path.rglob("*") if f.is_file()) if path.is_dir() else [path]
        for file in files:
            if file.suffix in (".yml", ".py", ".lock"):
                total.update(str(file.relative_to(PROJECT)).encode() + file.read_bytes())
    return total.hexdigest()


def train(model: Path, *, force: bool = False) -> bool:
    """Make `model` anew if its sources changed; Rasa's own fingerprints decide which parts.

    The old model stays until the new one is whole.

    Returns:
        Whether anything was trained.

    Raises:
        TrainingError: no model came out.
    """
    stamp = model.with_suffix(model.suffix + ".sources")
    wanted = digest()
    if not force and model.is_file() and stamp.is_file() and stamp.read_text() == wanted:
        print("The model is up to date.", file=sys.stderr)
        return False
    print("Training the model (some minutes the first time) ...", file=sys.stderr, flush=True)
    from bot.engine import quick_loading, rasa_setup

    rasa_setup.prepare()
    quick_loading.hasten()
    import rasa.model_training

    fresh = model.with_name(f"new-{model.name}")
    try:
        result = rasa.model_training.train(
            domain=str(PROJECT / "domain.yml"),
            config=str(PROJECT / "config.yml"),
            training_files=[str(PROJECT / "data/nlu"), str(PROJECT / "data/stories")],
            output=str(model.parent),
            fixed_model_name=fresh.name.removesuffix(".tar.gz"),
            force_training=force,
        )
        if result.code != 0 or not fresh.is_file():
            raise TrainingError("Training ended without a model; the lines above say why.")
        fresh.replace(model)
        stamp.write_text(wanted)
        print(f"The model is ready: {model}", file=sys.stderr)
    except Exception as error:
        if problem := no_room(error):
            raise TrainingError(
                f"Training could not write: {problem}. It needs half a gigabyte in {PROJECT} and"
                " in TMPDIR. A model that was there before is as it was."
            ) from error
        raise
    finally:
        fresh.unlink(missing_ok=True)
    return True
