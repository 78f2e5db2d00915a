"""Make the models that ship: `rebuild` trains one anew; `finish` makes a trained one ready to ship, with half the bytes
and its figures measured again on what is then on the disk."""

from pathlib import Path

from explorer import store
from explorer.data.catalog import INCLUDED
from explorer.shipped import entries
from explorer.store import Checkpoint


def rebuild(name: str, folder: Path) -> Checkpoint:
    """Train an entry anew and finish it, replacing what has its name in `folder`.

    Raises ExplorerError as training does, and KeyboardInterrupt if it was stopped: what was trained by then is kept.
    """
    from explorer.training.run import train

    wanted = entries.entry(name)
    _, interrupted = train(folder, wanted.settings, name, replace=True)
    if interrupted:
        raise KeyboardInterrupt
    return finish(name, folder)


def finish(name: str, folder: Path) -> Checkpoint:
    """Make a trained checkpoint ready to ship, in its place.

    Weights are rounded to half precision, and those of the decoder are kept in its file alone; codes are encoded and
    all figures measured with the rounded weights, log p(x) included. A sheet of the images goes along if their data set
    does not come with the project; the state for going on with the run does not. The caption and the number of draws
    are the entry's, where there is one. Raises ExplorerError if its data are not there.
    """
    from safetensors.numpy import save as save_arrays

    from explorer.data.dataset import materialise
    from explorer.latents.encode import encode, spread_over_test
    from explorer.live import thumbnails
    from explorer.metrics.likelihood import compute_likelihood
    from explorer.models.onnx_graph import decoder_onnx, store_weights_as_float16
    from explorer.store.decoder_weights import kept_in_decoder
    from explorer.store.originals import load_images
    from explorer.store.weights import load_model

    checkpoint = store.open_checkpoint(folder / store.check_name(name))
    manifest = checkpoint.manifest
    images, model = load_images(checkpoint), load_model(checkpoint)
    for weight in model.state_dict().values():  # not constants, which are not stored
        weight.copy_(weight.half())
    known = next((found for found in entries.ENTRIES if found.name == name), None)
    draws, count = (known.draws, known.codes) if known else (entries.DRAWS, entries.CODES)
    report = compute_likelihood(model, images, manifest.data.binarize, samples=0 if manifest.plain else draws)
    codes = encode(model, images, spread_over_test(images, count), manifest.data.binarize)
    values = manifest.model_dump() | {
        "caption": known.caption if known else manifest.caption,
        "factor_values": images.factor_values,
        "metrics": report.as_dict(),
    }
    weights = {key: w.half().contiguous().numpy() for key, w in model.state_dict().items()}
    decoder = store_weights_as_float16(decoder_onnx(model))
    values["in_decoder"] = shared = kept_in_decoder(decoder, weights)
    files = {
        store.WEIGHTS: save_arrays({key: w for key, w in weights.items() if key not in shared}),
        store.DECODER: decoder,
        store.CODES: save_arrays(codes.stored_arrays()),
        store.HISTORY: checkpoint.read(store.HISTORY),
    }
    if manifest.data.data not in INCLUDED:
        files[store.ORIGINALS] = thumbnails.stored(materialise(images.images, codes.index))
    return store.write(checkpoint.path.with_name(name), values, files)
