"""Pages made of the templates beside this file: every text escaped, every unseen character in it spelled out."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request as Asked
from starlette.responses import HTMLResponse, RedirectResponse

from landcheck.messages import Lang, say
from landcheck.messages.visible import visible
from landcheck.web.bounds import UPLOAD
from landcheck.web.sessions import Session

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent
STEPS = (("/", "web-step-files"), ("/columns", "web-step-columns"), ("/options", "web-step-options"),
         ("/report", "web-step-report"))  # fmt: skip


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=lambda value: visible(value) if type(value) is str else value,
    )  # fmt: skip


def page(asked: Asked, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """The page of that template in the language of the session."""
    session: Session | None = asked.state.session
    lang = lang_of(asked)
    steps = [(path, code, _is_open(session, path)) for path, code in STEPS] if session else []
    text = _environment().get_template(template).render(
        t=partial(say, lang=lang), lang=lang, html_lang="zh-CN" if lang == "zh" else "en", here=asked.url.path,
        steps=steps, session=session, megabytes=UPLOAD >> 20, octets_at_most=UPLOAD, **values,
    )  # fmt: skip
    return HTMLResponse(text, status)


def lang_of(asked: Asked) -> Lang:
    """The language of the session, and of the browser where there is none."""
    session: Session | None = asked.state.session
    lang: Lang = session.lang if session else asked.state.lang
    return lang


def told(asked: Asked, *sentences: str, status: int = 400, back: str = "/") -> HTMLResponse:
    """A page that says what is wrong, with the way back."""
    return page(asked, "message.html", status, sentences=sentences, back=back)


def see(path: str) -> RedirectResponse:
    """Go and look there."""
    return RedirectResponse(path, 303)


def _is_open(session: Session, path: str) -> bool:
    """Whether that step can be gone to now."""
    return path == "/" or (session.report("json") if path == "/report" else session.surveyed).exists()
