"""Run rasa_sdk actions in this process, in place of an action server's HTTP call."""

from __future__ import annotations

import contextvars
import logging
from typing import Any, Final

from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

ACTIONS_PACKAGE: Final = "actions"
logger = logging.getLogger(__name__)

failures: contextvars.ContextVar[list[str]] = contextvars.ContextVar("failures")
"""Names of the actions that raised in this turn. Rasa swallows them; we must not."""


def _trust(_action: RemoteAction, _result: dict[str, Any]) -> bool:
    """Stands in for Rasa's check of an action server's answer against a JSON schema.

    The answer was built by the SDK in this process a moment ago; the check took nine tenths
    of a button turn (DECISIONS.md 4).
    """
    return True


class InProcessActions(EndpointConfig):
    """An endpoint whose `request` calls the SDK's executor directly.

    Creating one turns off, in this process, Rasa's schema check of action results.
    """

    def __init__(self) -> None:
        RemoteAction._validate_action_result = _trust
        super().__init__(url="http://in-process", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(ACTIONS_PACKAGE)

    @property
    def names(self) -> frozenset[str]:
        """The actions that exist."""
        return frozenset(self._executor.actions)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Run the action named in the JSON body; a failure is noted and raised, never logged
        with its message, which could hold a person's words.
        """
        call = kwargs["json"]
        try:
            result: dict[str, Any] | None = await self._executor.run(call)
        except Exception as error:
            failures.get([]).append(call["next_action"])
            logger.error("Action %s raised %s", call["next_action"], type(error).__name__)
            raise RuntimeError(f"action {call['next_action']} failed") from None
        return result or {"events": [], "responses": []}
