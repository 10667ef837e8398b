"""Any vector source or table as batches of Arrow attribute columns with WKB, and what was decided on the way."""

from landcheck.read.drivers.columnar.held_tables import held
from landcheck.read.layer import Layer, Rows, called_like, merged
from landcheck.read.open import layer_names, open_layer, sources_in

__all__ = ["Layer", "Rows", "called_like", "held", "layer_names", "merged", "open_layer", "sources_in"]
