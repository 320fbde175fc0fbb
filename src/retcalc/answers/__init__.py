"""The one orchestrator: read, book, each kernel once, metrics, Result; one file an answer.

May import every room but ``gates``, ``render`` and ``cli``. Prints and writes nothing.
"""
