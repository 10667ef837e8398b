"""Databases read by other programs and libraries than GDAL: Access, PostGIS."""
