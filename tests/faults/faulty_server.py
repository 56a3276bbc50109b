"""`waymark serve` with an encoder that hangs over one word.

python faulty_server.py serve
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

HANGS_OVER = "zzzhangszzz"


def sabotage() -> None:
    from bot.nlu import encoder

    encode = encoder.encode

    def hang(texts: Sequence[str]) -> np.ndarray:
        if any(HANGS_OVER in text for text in texts):
            time.sleep(3600)
        return encode(texts)

    encoder.encode = hang


if __name__ == "__main__":
    from bot.engine.rasa_setup import prepare

    prepare()
    sabotage()
    from bot.cli import app

    app()
