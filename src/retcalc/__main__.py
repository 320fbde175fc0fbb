"""``python -m retcalc``."""

import sys

from retcalc.cli.main import main

sys.exit(main())
