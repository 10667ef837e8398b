"""``landcheck qgis install``: the plugin in QGIS."""

from __future__ import annotations

from landcheck.cli import console
from landcheck.cli.invocation import Invocation, command
from landcheck.errors import UsageError
from landcheck.messages import say
from landcheck.messages.visible import logged


@command("qgis install")
def install_plugin(asked: Invocation) -> None:
    """Copy the plugin into the profile, and say where it is and how it is enabled."""
    from landcheck.qgis.installing import install

    if asked["profile"] is not None and asked["folder"] is not None:
        raise UsageError("qgis-profile-or-folder")
    for path in install(asked["profile"], asked["folder"]):
        console.put([logged(say("qgis-installed", asked.lang, folder=str(path))) + "\n"])
    console.put([say("qgis-enable", asked.lang) + "\n"])
