"""A checkpoint's encoder as ONNX on standard output: `python -m explorer.export.encoder FOLDER`, for the download."""

import contextlib
import sys
from pathlib import Path

from explorer import store
from explorer.errors import ExplorerError
from explorer.export import downloads


def main(folder: Path) -> None:
    with contextlib.redirect_stdout(sys.stderr):  # what libraries print is no part of the file
        try:
            content = downloads.encoder(store.open_checkpoint(folder))
        except ExplorerError as error:
            sys.exit(str(error))
    sys.stdout.buffer.write(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
