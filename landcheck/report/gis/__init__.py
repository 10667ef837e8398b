"""Layers for a GIS: GeoPackage, GeoJSON and shapefile, from the drawn subjects of a run read again."""
