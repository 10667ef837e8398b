"""What lies in columns already: Parquet, in files or in an object store."""
