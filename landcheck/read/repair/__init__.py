"""Cells that a library would misread, read as what stands in the file; damaged files read from a mended copy."""
