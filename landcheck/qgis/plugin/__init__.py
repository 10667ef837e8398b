"""The plugin as QGIS loads it: nothing but the standard library and QGIS itself is imported."""

from __future__ import annotations


def classFactory(_interface: object) -> object:  # noqa: N802 - as QGIS calls it
    """What QGIS makes of the plugin when it starts."""
    from .qgis_provider import LandcheckPlugin

    return LandcheckPlugin()
