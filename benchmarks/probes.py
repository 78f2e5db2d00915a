"""What probes read from codes: how well a conditional model parts class and style, and what labels are worth.

    python -m benchmarks.probes [--conditional NAME] [--model NAME] [--json FILE]

The first part decodes codes of test images, and codes from N(0, I), as every class, and has a classifier of real images
read them; probes read the class from z. The second trains probes on codes, on as many principal components and on
pixels, with 10, 100, 1,000 and all labels, and fine-tunes the encoder. Both are the reports that the commands `leakage`
and `probe` keep.
"""

from __future__ import annotations

import argparse

from benchmarks import results
from explorer import environment, reports, store


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--conditional", default="mnist-cvae-z10", help="a conditional model")
    parser.add_argument("--model", default="mnist-vae-z10", help="the model whose codes are probed")
    results.add_option(parser)
    options = parser.parse_args()
    folder = environment.checkpoints_folder()
    conditional = store.open_checkpoint(folder / options.conditional)
    parted = reports.class_leakage().calculate(conditional, lambda *_: None)
    print(f"{conditional.name}\n{parted.text()}\n")
    model = store.open_checkpoint(folder / options.model)
    use = reports.label_efficiency().calculate(model, lambda *_: None)
    print(f"{model.name}\n{use.text()}")
    curves = [
        {
            "name": f"{name}, {probe}",
            "labels": [row.labels for row in rows],
            "mean": [row.mean for row in rows],
        }
        for name, probe, rows in use.curves()
    ]
    leakage = {"leakage": parted.leakage, "obedience": parted.obedience} | parted.model_dump(mode="json")
    figures = {"conditional": conditional.name, "model": model.name, "leakage": leakage, "labels": curves}
    results.keep(options.json, figures)


if __name__ == "__main__":
    main()
