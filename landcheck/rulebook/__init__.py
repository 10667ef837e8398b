"""Rule packs: read from their cards, checked against the text they come from, picked for a run."""

from landcheck.rulebook.load import load_pack, pack_names
from landcheck.rulebook.select import find_rule
from landcheck.rulebook.start import new_pack
from landcheck.rulebook.together import load_packs

__all__ = ["find_rule", "load_pack", "load_packs", "new_pack", "pack_names"]
