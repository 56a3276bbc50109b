"""Prepare this process for Rasa. Call `prepare()` before the first import of `rasa`.

Rasa's structlog prints message text at debug level unless logging is set before its
import; telemetry and crash reports would call home; old dependencies warn at length.
"""

from __future__ import annotations

import logging
import os
import warnings

from bot.engine import stand_ins

_NO_NEWS = (
    ".*Deprecated API features.*",
    "pkg_resources is deprecated.*",  # apscheduler reads its own version with it
    "Slot auto-fill has been removed.*",
    "The utterance '.*' is not used in any story or rule.*",  # actions use them
)
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_TELEMETRY_DEBUG": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
_DONT_SPIN = {"GOMP_SPINCOUNT": "0"}
"""The encoder's threads meet at the end of each product. OpenMP would let the first ones spin until
the last is there, which keeps it from coming where anybody else wants the processor: reading was
twenty times as slow (DECISIONS.md 95)."""


def prepare() -> None:
    """Stand-ins for TensorFlow, logging at WARNING, no telemetry, quiet warnings, OpenMP that
    waits asleep.
    """
    import sanic.app  # noqa: F401 - sets a filter of its own, which ours must come after

    os.environ.update(_QUIET)
    os.environ.update(_DONT_SPIN)  # read when OpenMP is loaded, with the encoder or scikit-learn
    for category in (DeprecationWarning, PendingDeprecationWarning, FutureWarning):
        warnings.filterwarnings("ignore", category=category)
    for message in _NO_NEWS:
        warnings.filterwarnings("ignore", message=message)
    stand_ins.install()
    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,  # else each line that is not written searches the stack
    )
    for name in ("rasa", "rasa_sdk", "matplotlib", "asyncio", "apscheduler", "sanic"):
        logging.getLogger(name).setLevel(logging.WARNING)
