"""Sessions: what one browser brought, chose and got, each in a private folder that goes with it."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landcheck.messages import Lang
from landcheck.report.output_formats import FORMATS
from landcheck.temporary import Folder
from landcheck.web.bounds import IDLE, SESSIONS
from landcheck.web.jobs import Crew, Job

CONFIGURATION = "landcheck.toml"
PAUSE = 60


@dataclass(slots=True)
class Session:
    """One browser's visit. ``options`` are keys of ``landcheck.toml``, ``maps`` its columns by field.

    ``roles`` holds the role of each file, empty for one that is not used. ``supposed`` is what was asked of a parcel;
    ``job`` what is being done or was done last, ``checked`` the check of the report.
    """

    lang: Lang
    key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    folder: Folder = field(default_factory=Folder)
    roles: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    maps: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    supposed: dict[str, str] = field(default_factory=dict)
    used: float = field(default_factory=time.monotonic)
    job: Job | None = None
    checked: Job | None = None

    def __post_init__(self) -> None:
        for name in ("files", "work", "out", "tmp"):
            (Path(self.folder.name) / name).mkdir(mode=0o700)

    def place(self, name: str) -> Path:
        """A folder or file in the session's own."""
        return Path(self.folder.name) / name

    @property
    def parcels(self) -> str | None:
        """The file of the parcels, where there is one."""
        return next((name for name, role in self.roles.items() if role == "parcels"), None)

    @property
    def surveyed(self) -> Path:
        """What the columns were taken for, as ``landcheck fields`` tells it; there while it holds."""
        return self.place("work/fields.json")

    def report(self, form: str) -> Path:
        """Where the report of that format is, or would be."""
        return self.place("out") / form / f"report{FORMATS[form].suffix}"

    def changed(self, *, files: bool) -> None:
        """What was found before no longer holds; with other ``files`` the columns neither."""
        if files:
            self.surveyed.unlink(missing_ok=True)
        self.supposed.clear()
        shutil.rmtree(self.place("out"), ignore_errors=True)
        self.place("out").mkdir(mode=0o700)


class Sessions:
    """All sessions of a server. ``token`` opens one; so does ``once``, a single time."""

    def __init__(self, crew: Crew, lang: Lang | None) -> None:
        self.crew, self.lang = crew, lang
        self.token, self.once = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self._by_key: dict[str, Session] = {}

    def admits(self, token: str) -> bool:
        """Whether that is a token of this server; the one that the browser was started with is used up."""
        given = token.encode()
        if self.once and secrets.compare_digest(given, self.once.encode()):
            self.once = ""
            return True
        return secrets.compare_digest(given, self.token.encode())

    def open(self, lang: Lang) -> Session | None:
        """A new session; None where there are too many."""
        if len(self._by_key) >= SESSIONS:
            return None
        session = Session(lang)
        self._by_key[session.key] = session
        return session

    def find(self, key: str) -> Session | None:
        """The session of that cookie, which is used now."""
        session = self._by_key.get(key)
        if session is not None:
            session.used = time.monotonic()
        return session

    async def close(self, *sessions: Session) -> None:
        """Drop these with their jobs and all they hold."""
        jobs = [session.job for session in sessions if session.job is not None]
        for session in sessions:
            self._by_key.pop(session.key, None)
        for job in jobs:
            job.stop()
        await asyncio.gather(*(job.task for job in jobs if job.task is not None), return_exceptions=True)
        for session in sessions:
            await asyncio.to_thread(session.folder.__exit__)

    async def close_all(self) -> None:
        """The server ends."""
        await self.close(*self._by_key.values())

    async def watch(self) -> None:
        """Drop, minute by minute, what nobody has used for long."""
        while True:
            await asyncio.sleep(PAUSE)
            before = time.monotonic() - IDLE
            idle = [one for one in self._by_key.values() if one.used < before and (one.job is None or one.job.is_over)]
            await self.close(*idle)

    def start(self, session: Session, job: Job) -> None:
        """Let the session's job be done in its turn."""
        session.job = job
        self.crew.take(job, {"TMPDIR": str(session.place("tmp")), "LANDCHECK_TRACEBACK": ""}, session.lang)
