"""What answers share: the request, reading the sources, sums, rates and rows."""
