"""Reports: what a run found out, in every format. Nothing here decides a verdict, prints or exits."""

from landcheck.report import docs, explain, rule_pages
from landcheck.report.formats import FORMATS, Format, standard_output_formats
from landcheck.report.options import Options, Show
from landcheck.report.words import message, remedy
from landcheck.report.write import Destination, destinations, render, write_files

__all__ = [
    "FORMATS",
    "Destination",
    "Format",
    "Options",
    "Show",
    "destinations",
    "docs",
    "explain",
    "message",
    "remedy",
    "render",
    "rule_pages",
    "standard_output_formats",
    "write_files",
]
