"""Rasa's Agent from a trained model, or a sentence that says what to do."""

from __future__ import annotations

import gzip
from pathlib import Path

from bot.engine import quick_turns, rasa_setup, stand_ins

rasa_setup.prepare()

# Rasa may only be imported after prepare().
with stand_ins.left_out():
    # Rasa would import this in the first turn, and write what it compiles to the disk.
    import rasa.core.actions.two_stage_fallback  # noqa: F401
    from rasa.core.agent import Agent
from rasa.core.lock_store import LockStore  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402
from threadpoolctl import threadpool_limits  # noqa: E402

from bot.engine.ear import Ear  # noqa: E402
from bot.engine.in_process_actions import InProcessActions  # noqa: E402
from bot.engine.tracker_store import ForgetfulTrackerStore  # noqa: E402
from bot.errors import EngineUnavailableError, no_room  # noqa: E402
from bot.nlg import CatalogueNlg  # noqa: E402


def load(model: Path, store: ForgetfulTrackerStore, locks: LockStore) -> tuple[Agent, Ear]:
    """The agent with what it reads messages with; its conversations stay where `store` puts them.

    Raises:
        EngineUnavailableError: the model is missing, broken or incomplete. Rasa itself would
            go on without it.
    """
    if not model.is_file():
        raise EngineUnavailableError(f"There is no model at {model}. Make one with `make train`.")
    quick_turns.hasten()
    actions = InProcessActions()
    try:
        _read_to_the_end(model)
        agent = Agent.load(
            model,
            tracker_store=store,
            lock_store=locks,
            generator=CatalogueNlg(EndpointConfig(), Domain.empty()),
            action_endpoint=actions,
        )
    except Exception as error:
        if problem := no_room(error):
            raise EngineUnavailableError(
                f"The model can't be unpacked: {problem}. It needs 100 MB in TMPDIR."
            ) from error
        raise EngineUnavailableError(advice(f"it can't be loaded ({error})")) from error
    if agent.processor is None or agent.domain is None:
        raise EngineUnavailableError(advice("it is incomplete"))
    missing = sorted(set(agent.domain.user_actions) - actions.names - set(agent.domain.responses))
    if missing:
        raise EngineUnavailableError(f"domain.yml names actions that don't exist: {missing}")
    # BLAS's other threads go on spinning after each product: that took two thirds of a typed
    # turn's processor time, and a turn's products are too small to be shared out.
    threadpool_limits(1, user_api="blas")
    # Rasa wraps a store in one that, when it fails, begins a new conversation and keeps every word
    # in the process.
    agent.tracker_store = agent.processor.tracker_store = store
    ear = Ear(agent.processor)
    agent.processor.http_interpreter = ear
    return agent, ear


def _read_to_the_end(model: Path) -> None:
    """Raise where the archive is cut off or damaged: unpacking it stops before its last bytes,
    and so before its check sum. Takes less than a tenth of a second.
    """
    with gzip.open(model) as archive:
        while archive.read(1 << 20):
            pass


def advice(problem: str) -> str:
    """What is wrong with a model, and what to do."""
    return f"The model is not usable: {problem}. Delete models/ and make it anew with `make train`."
