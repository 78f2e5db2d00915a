"""A fixed number of forged files for every reader: each is read or refused in one sentence, in bounded time."""

from __future__ import annotations

import os

import pytest

from explorer.sandbox import LimitError, Sandbox
from tests.fuzzing import READERS

CASES = int(os.environ.get("FUZZ_CASES", "150"))
SECONDS = 60.0


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_whatever_a_file_holds(reader: str) -> None:
    bad: dict[str, str] = {}
    outcomes = {"read": 0, "refused": 0}
    with Sandbox("tests.fuzzing:case", memory=12 << 30) as child:
        for number in range(CASES):
            try:
                answer, _ = child.ask({"reader": reader, "number": number}, seconds=SECONDS)
            except LimitError as error:
                answer = {"outcome": "bad", "kind": str(error), "why": ""}
            if answer["outcome"] == "bad":
                bad.setdefault(
                    answer["kind"], f"{reader} {number}, {answer['kind']}: {answer['why'][-2000:]}"
                )
            else:
                outcomes[answer["outcome"]] += 1
    assert not bad, "\n\n".join(bad.values())
    print(reader, outcomes)
    assert reader == "address" or outcomes["refused"]
