"""PDF for archives (PDF/A-2b): typst sets ``template.typ`` with the report as JSON data, the maps and the font.

``font`` holds Landcheck Sans SC, a part of Noto Sans CJK SC under the SIL Open Font License (``font/OFL.txt``);
``tools/make_font.py`` cuts it. Nothing of the machine's own fonts is used, so that the same input gives the same bytes.
"""
