"""What a file's first bytes show: marks, text and the root of its XML; and refusals that name the way out."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from landcheck.bounded import reason
from landcheck.errors import InputError

HEAD_BYTES = 65_536
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
WORKBOOKS = (".xls", ".et", ".xlsx", ".xlsm", ".xltx", ".xlsb", ".ods")
"""Suffixes of workbooks: web systems give them to other tables, and one under a password is an OLE container."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Head:
    """The first bytes of a file, and its suffix in lower case."""

    raw: bytes
    suffix: str

    @cached_property
    def text(self) -> str | None:
        """The bytes as text where they may be text at all: UTF-16 by its mark, else anything without zero bytes."""
        if self.raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return self.raw[: len(self.raw) // 2 * 2].decode("utf-16", errors="replace")
        return None if b"\x00" in self.raw else self.raw.decode("utf-8", errors="replace")

    @cached_property
    def start(self) -> str:
        """The text from its first sign on, empty where there is none."""
        return (self.text or "").lstrip("\ufeff \r\n\t\x1e")

    @cached_property
    def root(self) -> str | None:
        """The name of the root element of XML in lower case, without its prefix; None for anything else."""
        if not self.start.startswith("<"):
            return None
        found = re.search(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s>/]", self.start)
        return found[1].lower() if found else ""


def head_of(path: Path, file: str) -> Head:
    """The head of a file; InputError where it is empty, a Git LFS pointer, or a web page under a data file's name."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(HEAD_BYTES)
    except OSError as error:
        raise InputError("read-cannot-open", file=file, reason=reason(error)) from error
    if not raw.removeprefix(codecs.BOM_UTF8).strip(b"\x00 \r\n\t"):
        raise InputError("read-empty-file", file=file)
    if raw.startswith(b"version https://git-lfs"):
        size = re.search(rb"^size (\d+)", raw, re.MULTILINE)
        raise InputError("read-lfs-pointer", file=file, size=size.group(1).decode() if size else "?")
    start = raw.lstrip(codecs.BOM_UTF8 + b" \r\n\t")[:512].lower()
    named = path.suffix.lower() in WORKBOOKS and b"<table" in raw.lower()
    if start.startswith((b"<!doctype html", b"<html")) and not named:
        raise InputError("read-web-page", file=file)
    return Head(raw, path.suffix.lower())
