"""Where results go: standard output, files, pictures, progress."""
