"""The workbook: sheets, live formulas, charts and checks."""
