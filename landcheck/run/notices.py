"""What every report says beside its verdicts: validity, assumptions, fallbacks, and what was not looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from landcheck.fields.catalogue import field as catalogue_field
from landcheck.green.parks import Parks
from landcheck.messages import Message
from landcheck.model import Assumption, Interpretation, Pack, Role, Validity
from landcheck.run.stages import Run
from landcheck.verdicts.interpretations import DRAWN

NAMED = 10  # how many verdicts a notice lists before it only counts
LAPSED = ("pack-presumed-lapsed", "pack-lapsed")


def notices(run: Run, parks: Parks | None, packs: Sequence[Pack]) -> tuple[Message, ...]:
    """All notices of a run, in the order a reader needs them."""
    return (
        Message("mechanical-check"),
        Message("plan-prevails"),
        *_validity(run),
        *_parameters(run, packs),
        *_unjudged(run, parks, packs),
        *_fallbacks(run),
        *_summed(run),
    )


def area_decides(interpretations: Sequence[Interpretation]) -> Iterator[Message]:
    """The verdicts that hang on which site area is taken, the first of them by name."""
    rules: dict[str, dict[str, pa.Array]] = defaultdict(dict)
    for alternative in (a for one in interpretations if one.name == "area_basis" for a in one.alternatives):
        basis = alternative.choice.removeprefix(DRAWN)
        for hanging in alternative.hanging:
            there = rules[hanging.rule.id].get(basis, pa.array([], pa.string()))
            rules[hanging.rule.id][basis] = pa.concat_arrays([there, pa.array(hanging.ids, pa.string())])
    parcels = {rule: pc.unique(pa.chunked_array(list(ids.values()))).sort() for rule, ids in sorted(rules.items())}
    if parcels:
        named = ((rule, ident) for rule, ids in parcels.items() for ident in ids[:NAMED].to_pylist())
        told = [f"{ident}: {rule} ({_bases(rules[rule], ident)})" for rule, ident in islice(named, NAMED)]
        yield Message("area-decides", {"count": sum(map(len, parcels.values())), "verdicts": told})


def _bases(ids: Mapping[str, pa.Array], parcel: str) -> str:
    return ", ".join(basis for basis, of in ids.items() if pc.index(of, parcel).as_py() >= 0)


def assumptions(run: Run) -> tuple[Assumption, ...]:
    """Every assumption taken, with the rows it was taken for."""
    return tuple(
        Assumption(role, name, _assumed_value(role, name, run), rows)
        for role in ("parcels", "parks", "green", "buildings")
        for name, rows in (run.counts if role == "parcels" else run.around.counts).of(role).items()
    )


def _assumed_value(role: str, name: str, run: Run) -> Any:
    if name == "approval_date":
        return run.request.as_of.isoformat()
    if name == "floors_below":
        return 0
    return catalogue_field(Role(role), name).assumed


def _validity(run: Run) -> Iterator[Message]:
    """For each text that ends: whether the check is dated after its end, and the parcels that are."""
    as_of = run.request.as_of.isoformat()
    for text, count in run.windows.ended.items():
        end = "" if text.in_force_until is None else text.in_force_until.isoformat()
        stated = text.validity is Validity.STATED
        named = {"pack": text.number, "until": end, "source": text.validity_source}
        if as_of > end:
            code = "pack-lapsed" if stated else "pack-presumed-lapsed"
            undated = Message("pack-lapsed-undated", {"count": count.assumed_after}) if count.assumed_after else ""
            yield Message(code, named | {"as_of": as_of, "undated": undated})
        if count.recorded_after:
            code = "dated-after-end" if stated else "dated-after-presumed-end"
            rest = count.recorded_after - len(count.first)
            more = (Message("and-more", {"count": rest}),) if rest else ()
            yield Message(code, named | {"count": count.recorded_after, "parcels": (*count.first, *more)})


def _parameters(run: Run, packs: Sequence[Pack]) -> Iterator[Message]:
    for parameter in (p for pack in packs for p in pack.parameters):
        value = run.parameters[parameter.name]
        if value != parameter.value:
            yield Message("parameter-set", {"name": parameter.name, "value": str(value), "own": str(parameter.value),
                                            "source": parameter.source})  # fmt: skip


def _unjudged(run: Run, parks: Parks | None, packs: Sequence[Pack]) -> Iterator[Message]:
    rules = [rule.id for pack in packs for rule in pack.rules if rule.per == "park"]
    if rules and parks is None:
        yield Message("no-parks", {"rules": rules})
    elif rules and (run.around.green is None or not run.around.green.batch.rows):
        yield Message("no-green", {"rules": rules})


def _summed(run: Run) -> Iterator[Message]:
    for name, rows in run.around.counts.of("summed").items():
        yield Message("summed-from-green", {"field": name, "rows": rows})


def _fallbacks(run: Run) -> Iterator[Message]:
    for name, rows in run.counts.of("fallback").items():
        source, _, filled = name.partition(":")
        if source == "far":
            yield Message("far-as-declared", {"rows": rows})
        elif source == "buildings":
            yield Message("filled-from-buildings", {"field": filled, "rows": rows})
        elif source == "pool":
            yield Message("summed-over-pool", {"field": filled, "rows": rows})
        else:
            yield Message("derived-from-place", {"field": filled, "rows": rows})
