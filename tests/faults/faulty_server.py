"""`waymark serve` with an encoder that hangs over one word, and much time for who wants to wait.

python faulty_server.py serve
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

HANGS_OVER = "zzzhangszzz"
PATIENCE_S = 60.0


def sabotage() -> None:
    from bot import conversation
    from bot.engine import ear
    from bot.nlu import encoder

    conversation.LONGEST_S = PATIENCE_S
    ear.HANGS_AFTER_S = 2 * PATIENCE_S  # nobody is told at once that it hangs
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
