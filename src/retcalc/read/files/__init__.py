"""Opening files: paths, compression, content hash."""
