"""Refuse floods before they cost anything: by address, by conversation, and of all together."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from flask import Flask, request

from bot.channels.api import token_sent
from bot.conversation import Watch
from bot.errors import TooManyError
from bot.limits import ENDINGS, EVERYBODY, MESSAGES, STARTS, TALK, Limit, Limits

_WITH_PORT: Final = re.compile(r"\[(?P<six>[^]]*)\](:\d+)?|(?P<four>[\d.]+):\d+")


def hold_back_floods(app: Flask, limits: Limits, watch: Watch, *, proxies: int = 0) -> None:
    """Count what costs something. A start is refused before a message of a running conversation.

    Addresses of this machine are not counted: there stands a proxy that was not told of, and
    behind it everybody. With WAYMARK_PROXIES the server sees the addresses behind it.

    Args:
        proxies: how many of them may say where a request comes from.
    """

    def check(kind: str, *counted: tuple[Limit, str]) -> None:
        """From the narrowest to the widest: whoever is refused takes nothing from the others."""
        for limit, who in counted:
            if who and (wait_s := limits.wait(limit, who)):
                watch.refused(kind)
                raise TooManyError(wait_s)

    @app.before_request
    def count() -> None:
        limits.tidy()  # at any request, so that nothing waits for the next that is counted
        address = _address(_peer(proxies))
        match request.method, request.endpoint:
            case "POST", "api.start":
                check("start", (STARTS, address), (EVERYBODY, "everybody"))
            case "POST", "api.message":
                # What this machine asks by itself is the operator's own, and may be quick.
                is_somebody = address or "X-Forwarded-For" in request.headers
                token = token_sent() if is_somebody else ""
                check("message", (TALK, token), (MESSAGES, address))
            case "POST", "api.keep":
                check("message", (MESSAGES, address))
            case "DELETE", "api.erase":
                check("delete", (ENDINGS, address))


def _peer(proxies: int) -> str:
    """Who asks, as the outermost trusted proxy saw it; else who is connected."""
    told = request.headers.get("X-Forwarded-For", "").split(",")[-proxies:] if proxies else [""]
    hop = told[0].strip()
    if found := _WITH_PORT.fullmatch(hop):
        return found["six"] or found["four"]
    return hop or request.remote_addr or ""


def _address(peer: str) -> str:
    """Whom to count by; '' for this machine. An IPv6 network counts as one."""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return ""
    if address.is_loopback:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
