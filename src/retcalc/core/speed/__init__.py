"""What buys speed: a dense panel, integers packed into one, sorting by them, and threads.

Whoever does not read it loses nothing but time; each file states its gain.
"""
