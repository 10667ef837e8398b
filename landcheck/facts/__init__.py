"""What is known of a parcel: its own row, the layers beside it, and what these say of it."""
