"""What the page takes in and how long it works at it: one place for all bounds."""

from __future__ import annotations

from landcheck.bounded import MEGABYTE

UPLOAD = 512 * MEGABYTE
"""The most bytes that a session holds, and the body of one request."""
FORM = 4 * MEGABYTE
"""The most bytes of a form without files."""
FILES, FIELDS = 200, 20_000
UNPACKED = 2048 * MEGABYTE
"""What an archive may unpack to, in bytes; and the largest file that a child writes."""
MEMORY = 4096 * MEGABYTE
"""The address space of a child."""
SECONDS = 1800
"""How long a child may work; waiting for its turn does not count."""
SESSIONS = 64
IDLE = 2 * 3600
"""Seconds after which a session that nobody uses is dropped."""
TOLD = 64 * 1024
"""How many bytes of what a child says on standard error are kept, the last ones."""
COLUMNS = 300
"""How many columns of a layer are shown."""
