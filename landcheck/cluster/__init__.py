"""A check on many processes or machines: the same stages over parts of the parcels, on a Dask cluster."""

from landcheck.cluster.connect import Cluster
from landcheck.cluster.stages import check

__all__ = ["Cluster", "check"]
