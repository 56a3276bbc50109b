"""Refuse floods before they cost anything: by address, by conversation, and of all together."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from flask import Flask, request

from bot.conversation import Watch
from bot.errors import TooManyError
from bot.limits import EVERYBODY, MESSAGES, STARTS, TALK, Limit, Limits

STARTING: Final = "api.start"
SAYING: Final = "api.message"
_WITH_PORT: Final = re.compile(r"\[(?P<six>[^]]*)\](:\d+)?|(?P<four>[\d.]+):\d+")


def hold_back_floods(app: Flask, limits: Limits, watch: Watch, *, proxies: int = 0) -> None:
    """Count starts and messages. A start is refused before a message of a running conversation.

    Addresses of this machine are not counted: there stands a proxy that was not told of, and
    behind it everybody. With WAYMARK_PROXIES the server sees the addresses behind it.

    Args:
        proxies: how many of them may say where a request comes from.
    """

    def check(kind: str, *counted: tuple[Limit, str]) -> None:
        waits = [limits.wait(limit, who) for limit, who in counted if who]
        if (longest := max(waits, default=0.0)) > 0:
            watch.refused(kind)
            raise TooManyError(longest)

    @app.before_request
    def count() -> None:
        if request.method != "POST":
            return
        address = _address(_peer(proxies))
        if request.endpoint == STARTING:
            check("start", (STARTS, address), (EVERYBODY, "everybody"))
        elif request.endpoint == SAYING and address:
            token = request.headers.get("Authorization", "")
            check("message", (MESSAGES, address), (TALK, token))


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
