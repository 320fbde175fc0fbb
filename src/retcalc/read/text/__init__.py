"""From bytes to rows of text: encoding, dialect, lines, workbook sheets."""
