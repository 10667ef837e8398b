"""A check on many processes or machines: the same stages over parts of the parcels, on a Dask cluster."""

from landcheck.cluster.coordinator import check
from landcheck.request import Cluster

__all__ = ["Cluster", "check"]
