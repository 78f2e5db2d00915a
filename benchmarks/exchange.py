"""In how many pairs of test images does exactly the asked factor change, when its dimensions come from the other image?

    python -m benchmarks.exchange [--again] [--json FILE]

What `python -m explorer exchange` measures and keeps with a model (`explorer.metrics.exchange`), for faces and for
two of sprites at β = 4. With --again it is measured anew where it is stored already.
"""

from __future__ import annotations

import argparse

from benchmarks import results
from explorer import environment, reports, store

MODELS = ("faces-vae-z24", "sprites-vae-beta4-z10", "sprites-vae-conv-beta4-z10")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--again", action="store_true", help="measure anew what is stored")
    results.add_option(parser)
    args = parser.parse_args()
    found = {}
    for name in MODELS:
        checkpoint = store.open_checkpoint(environment.checkpoints_folder() / name)
        stored = None if args.again else reports.exchange().find(checkpoint)
        report = stored or reports.exchange().compute(checkpoint)
        print(f"{name}\n{report.text()}\n")
        found[name] = report.model_dump(mode="json")
    results.keep(args.json, found)


if __name__ == "__main__":
    main()
