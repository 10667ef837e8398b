"""The road of a check: open the layers, complete, measure, decide, gather; explain, whatif, compare beside it."""
