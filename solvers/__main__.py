"""`python -m solvers`: the command line of the site's numbers."""

import sys

from solvers.site.cli import main

if __name__ == "__main__":
    sys.exit(main())
