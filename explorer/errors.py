"""The one exception that people see."""


class ExplorerError(Exception):
    """Something a person can mend: one sentence that says what was wrong, where, and what to do."""
