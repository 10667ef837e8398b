"""An entry of a register of waivers to fill in, as TOML."""

from __future__ import annotations

from collections.abc import Iterator

from landcheck.messages import Lang, say
from landcheck.report.configuration import toml_value

TO_FILL_IN = ("number", "approver", "reason", "expires")


def waiver_entry(kind: str, subject: str, rule: str, fingerprint: str | None, lang: Lang) -> Iterator[str]:
    """The entry line by line: what a person knows is left open, what the layer says is there."""
    yield "[[waiver]]\n"
    for name in TO_FILL_IN:
        yield f'{name} = ""  # {say(ABOUT[name], lang)}\n'
    known = {"rule": rule, kind: subject} | ({} if fingerprint is None else {"fingerprint": fingerprint})
    yield from (f"{name} = {toml_value(value)}\n" for name, value in known.items())


ABOUT = {
    "number": "waiver-fill-number",
    "approver": "waiver-fill-approver",
    "reason": "waiver-fill-reason",
    "expires": "waiver-fill-expires",
}
