"""Drawings of CAD: DXF through GDAL, DWG with ezdwg, and what both have in common."""
