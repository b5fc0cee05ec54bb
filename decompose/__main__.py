"""The command as ``python -m decompose``, with the exit status of ``decompose``."""

from __future__ import annotations

import sys

from decompose.cli import main

if __name__ == "__main__":
    sys.exit(main())
