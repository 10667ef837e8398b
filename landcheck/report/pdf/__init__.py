"""PDF for archives and screen readers (PDF/A-2a, PDF/UA-1), set by typst: ``template.typ``, JSON, maps and the font.

``font`` holds Landcheck Sans SC, a part of Noto Sans CJK SC under the SIL Open Font License (``font/OFL.txt``);
``tools/make_font.py`` cuts it. Nothing of the machine's own fonts is used, so that the same input gives the same bytes.
"""
