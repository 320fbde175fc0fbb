"""The words and figures that a report chooses to show."""
