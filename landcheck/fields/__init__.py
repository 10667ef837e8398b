"""The field catalogue, the mapping of a file's columns onto it, and what becomes of their values.

``catalogue``, ``units`` and ``mapping`` are light; ``normalise``, ``assume`` and ``suspect`` need numpy and Arrow.
"""
