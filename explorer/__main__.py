"""`python -m explorer`."""

import signal
import sys

signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite request to end is Ctrl-C by other means

from explorer.cli.main import main  # noqa: E402 (imports take a while, in which the request may come)

sys.exit(main())
