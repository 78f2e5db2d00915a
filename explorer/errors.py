"""The one exception that people see."""


class ExplorerError(Exception):
    """Something a person can mend: one sentence that says what was wrong, where, and what to do."""

    def __init__(self, sentence: str) -> None:
        # halves of characters, from names of files, can be neither printed nor sent
        super().__init__(sentence.encode(errors="backslashreplace").decode())
