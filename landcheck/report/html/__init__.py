"""HTML: one file that asks nobody for anything, to be opened from a stick or a mail on a machine without a network.

``page`` puts it together; ``payload`` holds the findings and the map, ``flow`` is the picture of the green ledger.
``templates`` and ``static`` are the page itself, ``leaflet`` the library that moves the map.
"""
