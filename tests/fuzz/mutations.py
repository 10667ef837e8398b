"""What happens to files on their way to a planner, and worse. Every mutation is a function of its seed alone."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random

ARCHIVES = {".zip", ".kmz", ".xlsx", ".ods"}
TEXT = {
    *(".geojson", ".geojsonl", ".json", ".topojson", ".csv", ".tsv", ".kml", ".gml", ".xsd", ".dxf", ".mif", ".mid"),
    *(".tab", ".prj", ".cpg", ".xml", ".rels", ".txt", ".vct", ".dat"),
}
NASTY_NUMBERS = (b"1e308", b"-1e308", b"NaN", b"Infinity", b"-0", b"9" * 400, b"2147483648", b"0x41", b"1,5", b"")
NASTY_WORDS = (
    b"\x00", b"\xff\xfe", b"\xef\xbf\xbd", b'"', b"'", b"<", b">", b"&#0;", b"]]>", b"{" * 3000, b"[" * 3000,
    b"\\ud800", b"null", b"\r", b"\n\n", "\u202e\ufdfd".encode(), b"a" * 70_000,
)  # fmt: skip
WORDS_32 = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x00FFFFFF, 1_000_000)

Mutation = Callable[[bytes, Random], bytes]


def truncate(data: bytes, random: Random) -> bytes:
    """The copy that was broken off; most often near its end or its start."""
    kept = random.choice((random.randrange(len(data)), len(data) - random.randint(1, 64), random.randint(0, 128)))
    return data[: max(0, kept)]


def flip(data: bytes, random: Random) -> bytes:
    """Some bytes changed, near the head as often as elsewhere."""
    spoilt = bytearray(data)
    reach = random.choice((len(data), min(len(data), 256)))
    for _ in range(random.choice((1, 2, 8, 64))):
        spoilt[random.randrange(reach)] ^= 1 << random.randrange(8)
    return bytes(spoilt)


def word(data: bytes, random: Random) -> bytes:
    """A count, length or offset that lies."""
    spoilt = bytearray(data)
    order = random.choice("<>")
    for _ in range(random.choice((1, 1, 3))):
        place = random.randrange(max(1, min(len(data), random.choice((128, len(data)))) // 4)) * 4
        spoilt[place : place + 4] = struct.pack(f"{order}I", random.choice(WORDS_32))
    return bytes(spoilt[: len(data)])


def hole(data: bytes, random: Random) -> bytes:
    """A block of zeros, as an interrupted download leaves it."""
    start, length = random.randrange(len(data)), random.choice((16, 512, 4096))
    return data[:start] + bytes(len(data[start : start + length])) + data[start + length :]


def cut(data: bytes, random: Random) -> bytes:
    """A span that is missing."""
    start = random.randrange(len(data))
    return data[:start] + data[start + random.choice((1, 7, 100, 4096)) :]


def double(data: bytes, random: Random) -> bytes:
    """A span that stands twice, or the whole file."""
    start = random.randrange(len(data))
    return data + data if random.random() < 0.2 else data[:start] + data[start - random.choice((1, 100, 4096)) :]


def number(data: bytes, random: Random) -> bytes:
    """A number in a text that is none, or too large."""
    found = list(re.finditer(rb"-?\d+(?:\.\d+)?", data))
    if not found:
        return flip(data, random)
    at = random.choice(found)
    return data[: at.start()] + random.choice(NASTY_NUMBERS) + data[at.end() :]


def insertion(data: bytes, random: Random) -> bytes:
    """A piece of text where none may stand."""
    place = random.randrange(len(data) + 1)
    return data[:place] + random.choice(NASTY_WORDS) + data[place:]


def lines(data: bytes, random: Random) -> bytes:
    """Lines that changed places, are missing or stand twice, and counts that are wrong by one."""
    held = data.split(b"\n")
    for _ in range(random.choice((1, 1, 2, 5))):
        at = random.randrange(len(held))
        what = random.choice(("swap", "next", "gone", "twice", "count", "count"))
        if what == "count":
            counts = [n for n, line in enumerate(held) if re.match(rb"\s*\d+\s*(,|$)", line)] or [at]
            at = random.choice(counts)
            changed = lambda found: str(int(found[0][:15]) + random.choice((-1, 1, 1000))).encode()  # noqa: E731
            held[at] = re.sub(rb"\d+", changed, held[at], count=1)
        elif what == "gone":
            held[at : at + 1] = []
        elif what == "twice":
            held.insert(random.randrange(len(held)), held[at])
        else:
            other = random.randrange(len(held)) if what == "swap" else (at + 1) % len(held)
            held[at], held[other] = held[other], held[at]
        held = held or [b""]
    return b"\n".join(held)


BINARY: tuple[Mutation, ...] = (truncate, flip, flip, word, word, hole, cut, double)
TEXTUAL: tuple[Mutation, ...] = (truncate, flip, cut, double, number, number, insertion, insertion)
LINED = {".txt", ".vct", ".csv", ".dat", ".mid"}


def spoil(file: Path, random: Random) -> str:
    """Change the content of one file; the name of what was done."""
    data = file.read_bytes()
    if random.random() < 0.7 and file.suffix.lower() in ARCHIVES and zipfile.is_zipfile(file):
        return _inside(file, data, random)
    mutation = random.choice(TEXTUAL if file.suffix.lower() in TEXT else BINARY)
    if file.suffix.lower() in LINED and random.random() < 0.5:
        mutation = lines
    file.write_bytes(mutation(data, random) if data else b"\x00")
    return f"{mutation.__name__} {file.name}"


def _inside(file: Path, data: bytes, random: Random) -> str:
    """One member of an archive changed and packed again, so that what reads the member meets it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, zlib.error):  # spoilt once already
        members = {}
    there = sorted(name for name, content in members.items() if content)
    if not there:
        file.write_bytes(flip(data, random))
        return f"flip {file.name}"
    name = random.choice(there)
    mutation = random.choice(TEXTUAL if Path(name).suffix.lower() in TEXT else BINARY)
    members[name] = mutation(members[name], random)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(zipfile.ZipInfo(member, (2020, 1, 1, 0, 0, 0)), content)
    return f"{mutation.__name__} {file.name}/{name}"


def drop(files: list[Path], keep: str, random: Random) -> str:
    """A companion that was forgotten."""
    others = [file for file in files if file.name != keep] or files
    gone = random.choice(others)
    gone.unlink()
    return f"drop {gone.name}"


def swap(files: list[Path], random: Random) -> str:
    """The companion of another layer under this one's name; another format's content where there is no companion."""
    one = random.choice(files)
    alike = [file for file in files if file != one and file.suffix == one.suffix] or [f for f in files if f != one]
    if not alike:
        return spoil(one, random)
    other = random.choice(alike)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    return f"swap {one.name} {other.name}"


def mutate(files: list[Path], main: str, random: Random) -> str:
    """One thing done to a source, or two; what it was, for the reader of a failure."""
    done = []
    for _ in range(random.choice((1, 1, 1, 2))):
        there = [file for file in files if file.exists()]
        chance = random.random()
        if len(there) > 1 and chance < 0.15:
            done.append(drop(there, main, random))
        elif len(there) > 1 and chance < 0.3:
            done.append(swap(there, random))
        else:
            done.append(spoil(random.choice(there), random))
    return ", ".join(done)
