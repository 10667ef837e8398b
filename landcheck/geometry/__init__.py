"""Arrays in, arrays out: coordinate systems, areas, validity, overlaps and containment.

``shapes.shapes(wkb)`` stands at the start of all: every other function takes what it returns. ``crs.frame`` tells the
coordinate system, ``validity.examine`` the faults and the shapes fit for an area, ``area`` measures them, ``place``
finds the polygon that holds each, ``overlap`` the pairs that share area, ``transform`` leads from system to system.
"""
