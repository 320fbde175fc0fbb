"""The only room that opens data files: bytes in, one table and its findings out."""

from retcalc.read.id_codes import Distinct, distinct
from retcalc.read.selection import ReadPlan
from retcalc.read.table import FILE, LINE, ReadRules, Table, read_table

__all__ = ["FILE", "LINE", "Distinct", "ReadPlan", "ReadRules", "Table", "distinct", "read_table"]
