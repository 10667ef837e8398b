"""The server: on this machine alone, until it is interrupted."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request as Asked
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from landcheck.bounded import reason
from landcheck.errors import UsageError
from landcheck.messages import Lang, Message, say
from landcheck.temporary import Folder
from landcheck.web import answers, steps
from landcheck.web.guard import START, Guard, TooLargeError, most_octets
from landcheck.web.jobs import Crew
from landcheck.web.sessions import Session, Sessions
from landcheck.web.views import lang_of, see, told

HERE = "127.0.0.1"
BACKLOG = 128
Tell = Callable[[str], None]


def serve(port: int, lang: Lang | None, tell: Tell, *, browser: bool) -> None:
    """Serve the page until the process is interrupted. ``tell`` is given the address; UsageError for a bad port.

    ``lang``: the language of the page where it is not to be the browser's.
    """
    Folder()  # removes what killed servers left
    with _bound(port) as listening:
        host = f"{HERE}:{listening.getsockname()[1]}"
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_run(listening, host, lang, tell, browser=browser))


async def _run(listening: socket.socket, host: str, lang: Lang | None, tell: Tell, *, browser: bool) -> None:
    sessions = Sessions(Crew(), lang)
    for name in ("uvicorn", "asyncio"):  # an error is told by the page, in a sentence
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
    server = uvicorn.Server(
        uvicorn.Config(Guard(application(sessions), sessions, host), log_config=None, access_log=False, lifespan="on",
                       server_header=False, date_header=False, ws="none", timeout_graceful_shutdown=1)
    )  # fmt: skip
    address = f"http://{host}{START}?token="
    tell(address + sessions.token)
    if browser and has_browser():
        Thread(target=webbrowser.open, args=[address + sessions.once], daemon=True).start()
    await server.serve([listening])


def has_browser() -> bool:
    """Whether a browser can open a window here: one in the terminal would take that over."""
    return sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _bound(port: int) -> socket.socket:
    """The socket that is listened at; 0 for any port that is free."""
    listening = socket.socket()
    try:
        # on Windows the port is to be ours alone, elsewhere it may have been another server's a moment ago
        listening.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR), 1)
        listening.bind((HERE, port))
        listening.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listening.close()
        raise UsageError("serve-port", port=port, reason=reason(error)) from error
    return listening


def application(sessions: Sessions) -> Starlette:
    """The pages, and what becomes of errors."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.sessions = sessions
        watching = asyncio.create_task(sessions.watch())
        yield
        watching.cancel()
        await sessions.close_all()

    handlers: dict[Any, Any] = {
        HTTPException: _http,
        TooLargeError: _too_large,
        OSError: _system,
        Exception: _unforeseen,
    }
    return Starlette(routes=_routes(), lifespan=lifespan, exception_handlers=handlers)


def _routes() -> list[Route | Mount]:
    pages = {
        "/": (steps.files, None), "/files": (None, steps.bring), "/files/remove": (None, steps.take_away),
        "/roles": (None, steps.assign), "/columns": (steps.columns, steps.map_columns),
        "/columns/found": (None, steps.unmap), "/options": (steps.options, steps.check),
        "/working": (answers.working, None),
        "/state": (answers.state, None), "/cancel": (None, answers.cancel), "/report": (answers.report, None),
        "/report/frame": (answers.frame, None), "/make/{name}": (None, answers.make),
        "/download/{name}": (answers.download, None), "/whatif": (None, answers.suppose), START: (_start, None),
        "/again": (None, _again), "/end": (None, _end), "/language": (None, _language),
    }  # fmt: skip
    routes: list[Route | Mount] = []
    for path, (shown, done) in pages.items():
        routes += [Route(path, shown, methods=["GET"])] if shown else []
        routes += [Route(path, done, methods=["POST"])] if done else []
    return [*routes, Mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))]


async def _start(asked: Asked) -> Response:
    """The address that was given: it opens a session, or goes on with the browser's own."""
    if asked.state.session is not None:
        return _at_home(asked, asked.state.session)
    sessions = steps.sessions_of(asked)
    if not sessions.admits(asked.query_params.get("token", "")):
        return told(asked, say("web-no-token", asked.state.lang), status=403)
    return _opened(asked, sessions)


def _opened(asked: Asked, sessions: Sessions) -> Response:
    session = sessions.open(lang_of(asked))
    if session is None:
        return told(asked, say("web-too-many-sessions", asked.state.lang), status=503)
    return _at_home(asked, session)


def _at_home(asked: Asked, session: Session) -> Response:
    """A page that goes on by itself: the cookie is not sent where another program's page led here."""
    asked.state.session = session
    answer = told(asked, say("web-welcome", session.lang), status=200)
    answer.headers["refresh"] = "0; url=/"
    answer.set_cookie(asked.state.cookie, session.key, httponly=True, samesite="strict", path="/")
    return answer


async def _again(asked: Asked) -> Response:
    """Drop all of this session and begin a new one."""
    await steps.sessions_of(asked).close(asked.state.session)
    return _opened(asked, steps.sessions_of(asked))


async def _end(asked: Asked) -> Response:
    """Drop all of this session."""
    lang = asked.state.session.lang
    await steps.sessions_of(asked).close(asked.state.session)
    asked.state.session, asked.state.lang = None, lang
    answer = told(asked, say("web-ended", lang), status=200)
    answer.delete_cookie(asked.state.cookie, path="/", httponly=True, samesite="strict")
    return answer


async def _language(asked: Asked) -> Response:
    """The other language. What was found was said in the one before."""
    session = asked.state.session
    if steps.is_busy(asked):
        return see("/working")
    session.lang = "en" if session.lang == "zh" else "zh"
    session.changed(files=True)
    return see("/")


async def _http(asked: Asked, error: HTTPException) -> Response:
    code = "web-not-there" if error.status_code == 404 else "web-bad-request"
    return told(asked, say(code, lang_of(asked)), status=error.status_code)


async def _too_large(asked: Asked, _: TooLargeError) -> Response:
    return told(
        asked, say("web-body-too-large", lang_of(asked), megabytes=most_octets(asked.url.path) >> 20), status=413
    )


async def _system(asked: Asked, error: OSError) -> Response:
    said = Message("system-refused", {"file": Path(str(error.filename or "")).name, "reason": reason(error)})
    return told(asked, said.say(lang_of(asked)), status=507)


async def _unforeseen(asked: Asked, error: Exception) -> Response:
    said = say("internal-error", lang_of(asked), kind=type(error).__name__, reason=str(error))
    return told(asked, said, status=500)
