"""Pairs of parcels that share area."""
