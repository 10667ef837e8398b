"""The shapes of one batch, from WKB."""
