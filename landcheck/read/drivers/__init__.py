"""One reader a format: each opens a source as a layer of batches."""
