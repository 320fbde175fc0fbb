"""The only room that opens data files: bytes in, one table and its findings out."""

from retcalc.read.table import FILE, LINE, ReadRules, Table, read_table

__all__ = ["FILE", "LINE", "ReadRules", "Table", "read_table"]
