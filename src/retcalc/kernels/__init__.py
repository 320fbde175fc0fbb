"""The heavy part: panel to facts, integers only.

May import the leaf modules; sees a panel of coded accounts, never a file or a name.
"""

from retcalc.kernels.bridge import Bridge, monthly_bridges, window_bridges

__all__ = ["Bridge", "monthly_bridges", "window_bridges"]
