"""From a panel to integer facts: joins and sums once, for all accounts, months and segments.

Ask ``panel_facts``. May import core; sees a panel of coded accounts, never a file or a name.
"""

from retcalc.kernels.bridge import Bridge

__all__ = ["Bridge"]
