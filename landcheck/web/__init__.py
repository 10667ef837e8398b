"""The page of ``landcheck serve``: files in by the browser of this machine, the report out, each check a child.

The server parses no layer, decides nothing and knows no rule: what it shows comes from the command line, which it
starts with the options that were chosen, written down as ``landcheck.toml``.
"""
