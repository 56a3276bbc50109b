"""bot/engine/rasa_setup.py: what must be so before Rasa and the encoder are imported."""

from __future__ import annotations

import subprocess
import sys

ASKED = """
import os
from bot.engine import rasa_setup
rasa_setup.prepare()
import ctypes
from bot.nlu import encoder
encoder.encode(["ready"])
getenv = ctypes.CDLL(None).getenv
getenv.restype = ctypes.c_char_p
print(getenv(b"GOMP_SPINCOUNT").decode(), os.environ["RASA_TELEMETRY_ENABLED"])
"""


def test_the_encoder_s_threads_wait_asleep_and_nothing_calls_home() -> None:
    asked = subprocess.run(
        [sys.executable, "-c", ASKED], capture_output=True, text=True, check=True
    )

    assert asked.stdout.split() == ["0", "false"]
