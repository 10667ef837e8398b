"""The road from files to a report: read, map, normalise, measure, decide, gather."""
