"""What pack.toml says of a text's standing: rank, further texts, precedence, what an excerpt lacks; and its faults."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from landcheck.messages import Message
from landcheck.rulebook import load_pack

RULES = Path(__file__).resolve().parents[2] / "rules"
PRECEDENCE = 'quote = "此前政策规定与本指导意见不一致的,以本指导意见为准"'

FAULTY = [
    # pack, what stands in its pack.toml, what stands there instead, code, key
    ("shanghai-2021-9", 'rank   = "government_document"\n', "", "pack-key-missing", "rank"),
    ("shanghai-2021-9", 'rank   = "government_document"', 'rank   = "law"', "pack-choice", "rank"),
    ("shanghai-2021-9", 'in_force_quote = "本实施意见自２０２１年９月１日起实施"\n', "", "pack-key-missing",
     "in_force_quote"),
    ("shanghai-2021-9", "[[parameter]]", '[[not_at_hand]]\nclause = "六"\nwhat = {zh = "甲", en = "a"}\n[[parameter]]',
     "pack-not-at-hand-without-excerpt", "not_at_hand"),
    ("shanghai-2021-6", "[in_force_source]", "[in_force_sources]", "pack-key-missing", "in_force_source"),
    ("shanghai-2021-6", "[text_source]", "[text_sources]", "pack-key-missing", "text_source"),
    ("shanghai-2021-6", 'clause = "第二条"\n', "", "pack-key-missing", "not_at_hand[1].clause"),
    ("shanghai-2025-28", PRECEDENCE, 'quote = "以本指导意见为主"', "pack-quote-not-in-text", "precedence.quote"),
    ("shanghai-2025-28", "[precedence.reading]", "[precedence.readings]", "pack-key-missing", "precedence.reading"),
    ("shanghai-green", 'number = "沪绿容〔2024〕154号"', 'number = "沪绿容〔2024〕155号"', "pack-document-unknown",
     "section[9].document"),
    ("shanghai-green", 'number = "沪绿容〔2024〕154号"', 'number = "沪绿容〔2020〕413号"', "pack-named-twice",
     "document"),
    ("shanghai-green", "in_force_from = 2024-04-15\n", "", "pack-key-missing", "document[2].in_force_from"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "code", "key"), FAULTY)
def test_the_fault_is_told_with_its_key(
    tmp_path: Path, faults: Callable[[Path], tuple[Message, ...]], name: str, old: str, new: str, code: str, key: str
) -> None:
    home = Path(shutil.copytree(RULES / name, tmp_path / name))
    header = home / "pack.toml"
    text = header.read_text(encoding="utf-8")
    assert text.count(old) == 1
    header.write_text(text.replace(old, new), encoding="utf-8")
    found = {(fault.code, fault.values["key"]) for fault in faults(home)}
    assert (code, key) in found


def test_a_text_at_hand_needs_none_of_it() -> None:
    pack = load_pack("shanghai-2021-9")
    assert (pack.excerpt, pack.precedence, pack.documents, pack.not_at_hand) == (False, None, (), ())
    assert pack.text_source.zh == pack.in_force_source.en == ""
    assert {rule.document for rule in pack.rules} == {""}
