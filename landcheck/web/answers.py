"""What came of a check: progress, the report, its files in every format, and what if a parcel had other values."""

from __future__ import annotations

import asyncio
import json
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from starlette.requests import Request as Asked
from starlette.responses import FileResponse, JSONResponse, Response

from landcheck.messages import Lang, say
from landcheck.messages.visible import visible
from landcheck.report.output_formats import FORMATS
from landcheck.web import settings
from landcheck.web.jobs import Job
from landcheck.web.sessions import CONFIGURATION, Session
from landcheck.web.steps import form_of, is_busy, sessions_of
from landcheck.web.views import page, see, told

# What the report may do: nothing but show itself. It comes from nowhere, so that its scripts reach nothing of the page.
SANDBOX = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
FILED = [name for name, form in FORMATS.items() if form.suffix]


async def working(asked: Asked) -> Response:
    """The page of what is going on; of what failed, why."""
    job = asked.state.session.job
    if job is None:
        return see("/")
    if job.state == "done":
        return see(job.target)
    return page(asked, "working.html", job=job, state=_state(asked, job))


async def state(asked: Asked) -> Response:
    """How far the job has come, for the script of the page."""
    job = asked.state.session.job
    return JSONResponse({"over": True} if job is None else _state(asked, job))


def _state(asked: Asked, job: Job) -> dict[str, Any]:
    lang, before = asked.state.session.lang, sessions_of(asked).crew.before(job)
    if job.state == "waiting":
        text = say("web-waiting", lang, count=before)
    elif job.state in ("failed", "stopped"):
        text = say(f"web-{job.state}", lang)
    else:
        stage = str(job.progress.get("stage", ""))
        text = say("web-doing-report" if stage in ("progress-writing", "progress-gathering") else job.doing, lang)
    done, total = (int(job.progress.get(name, 0)) for name in ("done", "total"))
    total = total if total >= done else 0
    counted = f" ({done:,} / {total:,})" if total and job.state == "running" else ""
    return {"over": job.is_over, "text": text + counted, "done": done, "total": total}


async def cancel(asked: Asked) -> Response:
    """Stop the job; what it wrote goes."""
    session = asked.state.session
    if session.job is not None and not session.job.is_over:
        session.job.stop()
        await asyncio.wait([session.job.task])
        if session.job is session.checked:
            session.changed(files=False)
    return see("/working")


async def report(asked: Asked) -> Response:
    """The result: what it comes to, the report itself, its files, and what if."""
    session = asked.state.session
    if not session.report("json").exists() or is_busy(asked):
        return see("/working" if is_busy(asked) else "/")
    forms = [
        (name, session.report(name).name, session.report(name).exists(), _lacks(name, session.lang)) for name in FILED
    ]
    fields = settings.field_names("parcels", session.lang)
    return page(
        asked, "report.html", forms=forms, ended=session.checked.status, fields=fields, supposed=_supposed(session),
        configuration=settings.configuration(session),
    )  # fmt: skip


def _lacks(name: str, lang: Lang) -> str:
    """What is to be installed for a format; empty for nothing."""
    form = FORMATS[name]
    return say(form.needs[1], lang, file=f"report{form.suffix}") if form.needs and not find_spec(form.needs[0]) else ""


async def frame(asked: Asked) -> Response:
    """The report as HTML, shut in."""
    return _file(asked, asked.state.session.report("html"), shown=True)


async def download(asked: Asked) -> Response:
    """A report, or the configuration, as a file; of several files an archive."""
    session, name = asked.state.session, asked.path_params["name"]
    if name == CONFIGURATION:
        return _file(asked, session.place(f"files/{CONFIGURATION}"))
    if name not in FILED or not session.report(name).exists():
        return told(asked, say("web-not-there", session.lang), status=404, back="/report")
    folder = session.report(name).parent
    if FORMATS[name].how == "folder" or len(list(folder.iterdir())) > 1:
        packed = session.place(f"work/report{FORMATS[name].suffix}")
        made = await asyncio.to_thread(shutil.make_archive, str(packed), "zip", folder)
        return _file(asked, Path(made))
    return _file(asked, session.report(name))


def _file(asked: Asked, path: Path, *, shown: bool = False) -> Response:
    """A file to be kept, or to be shown where nothing can come of it."""
    if not path.exists():
        return told(asked, say("web-not-there", asked.state.session.lang), status=404, back="/report")
    if shown:
        return FileResponse(path, media_type="text/html; charset=utf-8", headers={"content-security-policy": SANDBOX})
    return FileResponse(path, media_type="application/octet-stream", filename=path.name)


async def make(asked: Asked) -> Response:
    """Write the report in one more format: the same check once more, so that it is what the command line writes."""
    session, name = asked.state.session, asked.path_params["name"]
    if is_busy(asked) or name not in FILED or not session.report("json").exists():
        return see("/report")
    written = f"../out/{name}/{session.report(name).name}"
    arguments = ["check", "--lang", session.lang, "-o", written, "-q", "--", session.parcels or ""]
    place = session.place("work/printed.txt")
    job = Job("web-doing-report", arguments, session.place("files"), place, "/report#files", "/report",
              session.report(name))  # fmt: skip
    sessions_of(asked).start(session, job)
    return see("/working")


async def suppose(asked: Asked) -> Response:
    """Judge one parcel with other values."""
    session, form = asked.state.session, await form_of(asked)
    if is_busy(asked) or not session.report("json").exists():
        return see("/report")
    told_of = {name: visible(form.get(name, "")).strip() for name in ("parcel", "field", "value")}
    session.supposed = told_of
    arguments = ["whatif", f"--parcel={told_of['parcel']}", f"--set={told_of['field']}={told_of['value']}",
                 "--output-format", "json", "--lang", session.lang, "--", session.parcels or ""]  # fmt: skip
    place = session.place("work/whatif.json")
    job = Job("web-doing-whatif", arguments, session.place("files"), place, "/report#whatif", "/report")
    sessions_of(asked).start(session, job)
    return see("/working")


def _supposed(session: Session) -> dict[str, Any] | None:
    """What was supposed last, and what became of each verdict."""
    place = session.place("work/whatif.json")
    if not session.supposed or session.job is None or session.job.printed != place or session.job.state != "done":
        return None
    found = json.loads(place.read_bytes())
    titles = {rule["id"]: rule["title"] for rule in found["rules"]}
    rows = [
        (titles.get(one["rule"], one["rule"]), one["before"], one["after"]["verdict"], one["after"]["message"])
        for one in found["whatif"]
    ]
    field = settings.field_label("parcels", session.supposed["field"], session.lang)
    return {"rows": rows, "said": {**session.supposed, "field": field}}
