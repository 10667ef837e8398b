"""Data findings: what is wrong with ids, values and places, whatever the rules say."""
