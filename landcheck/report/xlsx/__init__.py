"""Excel: every table of the report as a sheet to filter and to count in, numbers as numbers, text never as a formula.

``sheets`` says what stands where, ``matrix`` has a row a parcel and a column a rule, ``grid`` writes a sheet.
"""
