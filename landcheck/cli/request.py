"""From options and configuration to a Request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from landcheck.cli.config import SOURCES, Config
from landcheck.errors import UsageError

if TYPE_CHECKING:
    from landcheck.request import Request


def make_request(parcels: str, given: Mapping[str, Any], config: Config) -> Request:
    """The run asked for: the command line's options over the configuration's. UsageError for a bad value."""
    from landcheck.fields.mapping import parse_map
    from landcheck.model import Reading
    from landcheck.request import DEFAULT_PACK, INTERPRETATIONS, Request

    def option(name: str) -> Any:
        return config.get(name, given.get(name))

    def taken(name: str) -> str:
        return _one_of(name, option(name) or INTERPRETATIONS[name][0], INTERPRETATIONS[name])

    for name in SOURCES:
        if given.get(name) == "":
            raise UsageError("read-no-name", role=name)
    sources = {name: option(name) for name in SOURCES if option(name)}
    texts = [*config.maps, *(given.get("map") or ())]
    return Request(
        parcels=parcels,
        sources=sources,
        layer=option("layer"),
        packs=tuple(option("pack") or (DEFAULT_PACK,)),
        as_of=_date(option("as_of")),
        reading=Reading(taken("reading")),
        parameters=_parameters([*config.sets, *(given.get("set") or ())]),
        maps=dict(parse_map(text) for text in texts),
        assume=not given.get("no_assumptions") and config.options.get("assumptions", True),
        encoding=option("encoding"),
        crs=option("crs"),
        show_all=_one_of("show", option("show") or "findings", ("findings", "all")) == "all",
        waivers=option("waivers"),
        baseline=option("baseline"),
        area_basis=taken("area_basis"),
        share_denominator=taken("share_denominator"),
    )


def _date(text: str | None) -> dt.date:
    if text is None:
        return dt.datetime.now().astimezone().date()
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError("bad-date", value=text) from None


def _one_of(name: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        raise UsageError("bad-choice", name=name, value=value, known=list(known))
    return value


def _parameters(texts: Sequence[str]) -> dict[str, Decimal]:
    parameters = {}
    for text in texts:
        name, equals, value = text.partition("=")
        try:
            number = Decimal(value.strip())
        except InvalidOperation:
            raise UsageError("bad-set", text=text) from None
        if not equals or not number.is_finite():
            raise UsageError("bad-set", text=text)
        parameters[name.strip()] = number
    return parameters
