"""What the tests of the fields expect of blanks, told apart from the program."""

from __future__ import annotations


def bare_of(text: str) -> str:
    """Without blanks at its ends, those nobody sees among them."""
    kept = [place for place, sign in enumerate(text) if not (sign.isspace() or sign in "\ufeff\u200b\x00")]
    return text[kept[0] : kept[-1] + 1] if kept else ""
