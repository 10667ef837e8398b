"""Word: the report on paper as a document that an office can go on working with.

``document`` puts the parts in order, ``blocks`` makes paragraphs and tables, ``fonts`` sets 仿宋 and 黑体, ``packed``
writes the file so that the same input gives the same bytes.
"""
