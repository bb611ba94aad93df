"""Run the command line: ``python -m aisi_kg``."""

import sys

from aisi_kg.cli import main

__all__: list[str] = []

sys.exit(main())
