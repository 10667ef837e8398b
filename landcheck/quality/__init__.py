"""Data findings: what is wrong with the rows of a layer, whatever the rules say of them."""
