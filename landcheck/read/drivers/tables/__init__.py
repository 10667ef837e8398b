"""Spreadsheets and delimited text: headings, units, marks and geometry in cells."""
