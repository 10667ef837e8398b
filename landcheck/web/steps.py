"""The way to a check: files, what their columns were taken for, what to judge by."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request as Asked
from starlette.responses import Response

from landcheck.messages import Lang, Message, say
from landcheck.report.content import labels
from landcheck.request import DEFAULT_PACK
from landcheck.web import settings
from landcheck.web.bounds import COLUMNS, FIELDS, FILES
from landcheck.web.jobs import Job
from landcheck.web.sessions import Session, Sessions
from landcheck.web.uploads import files_page, guess, keep, names_in, refusal, together
from landcheck.web.views import page, see, told


def sessions_of(asked: Asked) -> Sessions:
    """All sessions of the server that was asked."""
    found: Sessions = asked.app.state.sessions
    return found


def is_busy(asked: Asked) -> bool:
    """Whether a job of the session is still going on."""
    job = asked.state.session.job
    return job is not None and not job.is_over


async def form_of(asked: Asked) -> dict[str, str]:
    """The texts of a form."""
    form = await asked.form(max_files=0, max_fields=FIELDS)
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def files(asked: Asked) -> Response:
    """The first page."""
    session = asked.state.session
    return page(asked, "files.html", role_choices=settings.role_choices(session.lang), **files_page(session))


async def bring(asked: Asked) -> Response:
    """Take files in."""
    if is_busy(asked):
        return see("/working")
    session = asked.state.session
    async with asked.form(max_files=FIELDS, max_fields=FILES) as form:
        brought = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
        named = [(one.filename or "", one.size or 0) for one in brought]
        wrong = Message("web-no-files") if not brought else refusal(session, named)
        if wrong is not None:
            return told(asked, wrong.say(session.lang))
        session.changed(files=True)
        await asyncio.to_thread(keep, session, [(one.filename or "", one.file) for one in brought])
    return see("/")


async def take_away(asked: Asked) -> Response:
    """Remove a file with those that belong to it."""
    session, form = asked.state.session, await form_of(asked)
    if is_busy(asked):
        return see("/working")
    parts, head = together(names_in(session)), form.get("name")
    if head in parts:
        for name in (head, *parts[head]):
            (session.place("files") / name).unlink(missing_ok=True)
        session.changed(files=True)
        guess(session)
    return see("/")


async def assign(asked: Asked) -> Response:
    """Take over which file is what, and look at the columns."""
    session, form = asked.state.session, await form_of(asked)
    if is_busy(asked):
        return see("/working")
    known = [role for role, _ in settings.role_choices(session.lang)]
    names = list(session.roles)
    given = [form.get(f"role.{number}", "") for number in range(len(names))]
    session.roles = {name: role if role in known else "" for name, role in zip(names, given, strict=True)}
    session.changed(files=True)
    used = [role for role in session.roles.values() if role]
    if twice := next((role for role in used if used.count(role) > 1), None):
        named = [name for name, role in session.roles.items() if role == twice]
        told_of = {"role": labels.layer(twice, session.lang), "files": named}
        return told(asked, say("web-roles-twice", session.lang, **told_of))
    if "parcels" not in used:
        return told(asked, say("web-no-parcels", session.lang))
    return survey(asked)


def survey(asked: Asked) -> Response:
    """Have the columns looked at."""
    session = asked.state.session
    session.changed(files=True)
    settings.write(session)
    arguments = ["fields", "--output-format", "json", "--lang", session.lang, "--", session.parcels or ""]
    job = Job("web-doing-fields", arguments, session.place("files"), session.surveyed, "/columns", "/columns")
    sessions_of(asked).start(session, job)
    return see("/working")


def surveyed(session: Session) -> dict[str, Any] | None:
    """What the columns were taken for, as far as it can be shown; None where nobody looked, or could."""
    job = session.job
    if not session.surveyed.exists() or (job is not None and job.printed == session.surveyed and job.state != "done"):
        return None
    found: dict[str, Any] = json.loads(session.surveyed.read_bytes())
    return found


async def columns(asked: Asked) -> Response:
    """The page of columns; where they could not be read, what to say of how to read them."""
    session = asked.state.session
    if not session.parcels:
        return see("/")
    found = surveyed(session) or {"layers": [], "missing": []}
    lang = session.lang
    layers = [_shown(layer, lang) for layer in found["layers"]]
    form = settings.controls(session, settings.READING)
    unused = [name for name, role in session.roles.items() if not role]
    gaps = [one | {"label": settings.field_label(one["layer"], one["field"], lang)} for one in found["missing"]]
    return page(asked, "columns.html", layers=layers, gaps=gaps, unused=unused, controls=form)


def _shown(layer: dict[str, Any], lang: Lang) -> dict[str, Any]:
    """A layer as the page shows it: with what it and its fields are called, and no more columns than can be read."""
    names = {"label": labels.layer(layer["role"], lang), "fields": settings.field_names(layer["role"], lang)}
    return {**layer, **names, "columns": layer["columns"][:COLUMNS], "more": max(0, len(layer["columns"]) - COLUMNS)}


async def map_columns(asked: Asked) -> Response:
    """Take over what was said of the columns: look again, or go on where nothing was changed."""
    session, form = asked.state.session, await form_of(asked)
    if is_busy(asked) or not session.parcels:
        return see("/working" if is_busy(asked) else "/")
    before = dict(session.options), dict(session.maps)
    found = surveyed(session)
    if twice := settings.choose_columns(session, found, form) if found else []:
        session.maps = before[1]
        return told(asked, say("web-field-twice", session.lang, fields=twice), back="/columns")
    settings.choose(session, form, settings.READING)
    if found is None or before != (session.options, session.maps):
        return survey(asked)
    return see("/options")


async def unmap(asked: Asked) -> Response:
    """Take back what was said of columns."""
    if is_busy(asked) or not asked.state.session.parcels:
        return see("/working" if is_busy(asked) else "/")
    asked.state.session.maps.clear()
    return survey(asked)


async def options(asked: Asked) -> Response:
    """The page of what to judge by."""
    session = asked.state.session
    if surveyed(session) is None:
        return see("/columns")
    chosen = session.options.get("pack", [DEFAULT_PACK])
    form = settings.controls(session, settings.JUDGING)
    packs = await asyncio.to_thread(settings.packs)
    return page(asked, "options.html", packs=packs, chosen=chosen, auto=settings.AUTO, controls=form)


async def check(asked: Asked) -> Response:
    """Take over what to judge by, and begin with the check."""
    session, form = asked.state.session, await form_of(asked)
    if is_busy(asked) or surveyed(session) is None:
        return see("/working" if is_busy(asked) else "/")
    settings.choose(session, form, settings.JUDGING)
    settings.choose_packs(session, form)
    session.changed(files=False)
    settings.write(session)
    written = [f"../out/{name}/report.{name}" for name in ("json", "html")]
    arguments = ["check", "--lang", session.lang, *(part for name in written for part in ("-o", name)), "-q", "--"]
    arguments.append(session.parcels or "")
    job = Job("web-doing-check", arguments, session.place("files"), session.place("work/printed.txt"), "/report",
              "/options", session.report("json"))  # fmt: skip
    session.checked = job
    sessions_of(asked).start(session, job)
    return see("/working")
