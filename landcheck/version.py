"""The version, for the package, its reports and the project file."""

__version__ = "0.1.0"
