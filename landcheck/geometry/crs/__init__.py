"""Coordinate systems: which one a layer is in, from evidence only, and the way from one to another."""
