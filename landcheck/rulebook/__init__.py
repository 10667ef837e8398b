"""Rule packs: read from their cards, checked against the text they come from, picked for a run."""

from landcheck.rulebook.load import find_rule, load_pack, load_packs, new_pack, pack_names

__all__ = ["find_rule", "load_pack", "load_packs", "new_pack", "pack_names"]
