"""What GDAL reads as a stream of batches, and what is looked through or mended before it does."""
