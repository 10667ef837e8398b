"""Who is let in: a browser on this machine that was given the address, and nobody through it.

Host is checked against addresses of others that lead here (DNS rebinding), Origin and Sec-Fetch-Site against pages of
others that call here, the cookie for the session. Every answer forbids the browser to ask anybody else for anything.
"""

from __future__ import annotations

import html
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from landcheck.messages import Lang, say
from landcheck.web.bounds import FORM, UPLOAD
from landcheck.web.sessions import Sessions

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

START, UPLOADS = "/start", "/files"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    # not no-referrer: a form would then be sent with the origin null
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class TooLargeError(Exception):
    """The body of a request is larger than is taken in."""


class Guard:
    """The application, behind its checks."""

    def __init__(self, app: App, sessions: Sessions, host: str) -> None:
        self.app, self.sessions, self.host = app, sessions, host
        self.cookie = "landcheck-" + host.rpartition(":")[2]  # cookies know no ports

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request: passed on with its session, or refused."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = _headers(scope)
        lang = self.sessions.lang or preferred(headers.get("accept-language", ""))
        session = self.sessions.find(self._key(headers))
        scope["state"] = {**scope.get("state", {}), "session": session, "lang": lang, "cookie": self.cookie}
        code, status = self._refusal(scope, headers)
        if not code and session is None and scope["path"] != START:
            code, status = "web-no-token", 403
        if code:
            said = say(code, lang, address=f"http://{self.host}/", megabytes=most_octets(scope["path"]) >> 20)
            await _refuse(send, said, status, lang)
            return
        await self.app(scope, _counted(receive, most_octets(scope["path"])), _secured(send))

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[str, int]:
        """The code and status of what is wrong with where the request comes from; empty for nothing."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        if headers.get("host") != self.host:
            return "web-wrong-host", 421
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return "web-bad-request", 405
        is_foreign = site not in ("same-origin", "none") and scope["path"] != START
        if is_foreign or origin not in ((None,) if scope["method"] != "POST" else ()) + (f"http://{self.host}",):
            return "web-wrong-origin", 403
        length = headers.get("content-length", "0")
        is_too_large = not length.isdecimal() or int(length) > most_octets(scope["path"])
        return ("web-body-too-large", 413) if is_too_large else ("", 0)

    def _key(self, headers: dict[str, str]) -> str:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        except CookieError:
            return ""
        return found.value if found else ""


def most_octets(path: str) -> int:
    """The most bytes of the body of a request for that path."""
    return UPLOAD + FORM if path == UPLOADS else FORM


def preferred(accepted: str) -> Lang:
    """The language of ours that a browser likes best, English where it knows neither."""
    best: tuple[float, Lang] = (0.0, "en")
    for part in accepted.split(","):
        tag, _, weight = part.strip().lower().partition(";q=")
        try:
            worth = float(weight or 1)
        except ValueError:
            continue
        if tag[:2] in ("zh", "en") and worth > best[0]:
            best = worth, "zh" if tag.startswith("zh") else "en"
    return best[1]


def _headers(scope: Scope) -> dict[str, str]:
    """The headers by name; one that is there twice is none that we know."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        found[key] = f"{found[key]}, {value.decode('latin-1')}" if key in found else value.decode("latin-1")
    return found


def _counted(receive: Receive, most: int) -> Receive:
    """The body, as far as it is within the bound."""
    taken = 0

    async def counted() -> MutableMapping[str, Any]:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise TooLargeError
        return message

    return counted


def _secured(send: Send) -> Send:
    """Answers with the headers that hold for all, but where an answer has its own."""

    async def secured(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            own = {name.decode("latin-1").lower() for name, _ in message["headers"]}
            more = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name not in own]
            message = {**message, "headers": [*message["headers"], *more]}
        await send(message)

    return secured


async def _refuse(send: Send, said: str, status: int, lang: Lang) -> None:
    """One sentence, in a page that needs nothing else."""
    text = html.escape(said)
    name = "zh-CN" if lang == "zh" else "en"
    page = (
        f'<!DOCTYPE html><html lang="{name}"><meta charset="utf-8"><title>landcheck</title><main><p>{text}</p></main>'
    )
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"connection", b"close")]
    await _secured(send)({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": page.encode()})
