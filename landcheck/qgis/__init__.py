"""The door in QGIS: the plugin, which QGIS runs and which starts landcheck as a process; its installation."""
