"""Packs used together in one run: what counts them apart must differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from pathlib import Path

from landcheck.errors import PackError
from landcheck.messages import Message
from landcheck.model import Pack
from landcheck.rulebook.load import load_pack, pack_directory, pack_names

AUTO = "auto"


def load_packs(names: Sequence[str]) -> tuple[Pack, ...]:
    """The packs of those names or directories, in their order, one named twice once.

    ``auto`` stands for all that come with the program, each of whose rules applies to what its days bind.
    PackError where two of them could not be told apart in a report: the same id, a rule of the same id, or a parameter
    of the same name that is another number. Otherwise as ``load_pack``.
    """
    named: dict[Path, str] = {}
    wanted = [one for name in names for one in (pack_names() if name == AUTO else (name,))]
    for name in wanted:
        named.setdefault(pack_directory(name).resolve(), name)
    packs = tuple(map(load_pack, named.values()))
    clashes = [clash for pair in combinations(packs, 2) for clash in _clashes(*pair)]
    if clashes:
        raise PackError("packs-clash", clashes, count=len(clashes))
    return packs


def _clashes(a: Pack, b: Pack) -> Iterator[Message]:
    if a.id == b.id:
        yield Message("packs-same-id", {"id": a.id, "a": a.number, "b": b.number})
        return
    both = {"a": a.id, "b": b.id}
    ours = {rule.id for rule in a.rules}
    for rule in b.rules:
        if rule.id in ours:
            yield Message("packs-same-rule", {"rule": rule.id, **both})
    known = {parameter.name: _amount(parameter.value, parameter.unit) for parameter in a.parameters}
    for p in b.parameters:
        amount = _amount(p.value, p.unit)
        if known.get(p.name, amount) != amount:
            yield Message("packs-same-parameter", {"name": p.name, **both, "in_a": known[p.name], "in_b": amount})


def _amount(value: Decimal, unit: str) -> str:
    return f"{value.normalize():f} {unit}"
