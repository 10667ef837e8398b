"""The map as pictures that stand still, for paper: SVG with parcels, parks, scale bar, north and legend.

``sheets`` puts them together: one sheet, or an overview and a sheet for each group of parcels that lie apart.
``scene`` fits the plane to the paper, ``svg`` draws and finds room for the names.
"""

from landcheck.report.picture.sheets import Picture, pictures

__all__ = ["Picture", "pictures"]
