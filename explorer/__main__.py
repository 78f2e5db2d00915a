"""`python -m explorer`."""

import signal
import sys
from pathlib import Path

signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite request to end is Ctrl-C by other means

from explorer import jobs  # noqa: E402 (imports take a while, in which the request may come)

if sys.argv[1:2] == ["job"] and not jobs.claim(Path(sys.argv[3])):
    sys.exit()  # another process does it

from explorer.cli.main import main  # noqa: E402
from explorer.training.allocator import keep_freed_memory  # noqa: E402

keep_freed_memory()
sys.exit(main())
