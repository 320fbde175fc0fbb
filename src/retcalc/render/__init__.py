"""From a finished Result to text and files.

The only room that rounds, knows percent, or writes a file. It may read Results and Findings; it
may not compute a metric, open a data file, or change a name beyond making it safe to show.
"""
