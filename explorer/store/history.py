"""The training curve as a table: `history.csv` of a checkpoint, one row per epoch."""

import csv
import io
import math


def history_csv(rows: list[dict[str, float]]) -> bytes:
    """Rows as CSV text, seven significant digits."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else ["epoch"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _short(value) for key, value in row.items()} for row in rows)
    return out.getvalue().encode()


def history_rows(text: bytes) -> list[dict[str, float]]:
    """The reverse of `history_csv`. Raises ValueError if it is not a table of numbers."""
    try:
        rows = list(csv.DictReader(io.StringIO(text.decode())))
        return [{key: _number(value) for key, value in row.items()} for row in rows]
    except (TypeError, AttributeError, csv.Error) as error:  # a row is too long or too short
        raise ValueError(str(error)) from None


def _number(text: str) -> float:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else float(text)


def _short(value: float) -> float:
    return value if isinstance(value, int) or not math.isfinite(value) else float(f"{value:.7g}")
