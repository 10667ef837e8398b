"""What differs between two folders of outputs, and where first."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from pathlib import Path

AROUND = 60  # bytes shown on either side of the first that differs


def differences(before: Mapping[str, Path], now: Mapping[str, Path]) -> list[str]:
    """An entry for each output that differs, is no longer there, or was not there."""
    lost = [f"{name}: no longer there" for name in before if name not in now]
    new = [f"{name}: was not there" for name in now if name not in before]
    pairs = ((name, before[name].read_bytes(), now[name].read_bytes()) for name in before if name in now)
    return lost + new + [f"{name}: {first(old, new)}" for name, old, new in pairs if old != new]


def first(old: bytes, new: bytes) -> str:
    """The first place where two contents differ, with what stands around it in both."""
    shortest = min(len(old), len(new))
    at = bisect_left(range(shortest), True, key=lambda place: old[: place + 1] != new[: place + 1])
    line = old.count(b"\n", 0, at) + 1
    around = slice(max(0, at - AROUND), at + AROUND)
    shown = (text[around].decode(errors="backslashreplace") for text in (old, new))
    return f"byte {at}, line {line}" + "".join(f"\n  {sign} {text!r}" for sign, text in zip("-+", shown, strict=True))
