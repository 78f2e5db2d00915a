"""The bench of the Train page: all trainings, their curves while they run, and the time machine, in the browser.

It polls `explorer.server.run_routes` by itself, so that a training costs no rerun of the page.
"""

from __future__ import annotations

from typing import Any

from explorer.live.component import mount


def trainings(select: str, serial: int, *, key: str, closed: bool = False) -> dict[str, Any]:
    """Show all trainings, the one named `select` in full; another `serial` selects it again.

    closed: the server is read-only, so nothing can be asked for. Returns `run`, the name of the one that is shown,
    and `act`: what was asked for by a click, once: `do` ("pause", "stop", "resume", "delete", "open" or "branch"),
    `run`, and `epoch` of a branch.
    """
    data = {"select": select, "serial": serial, "closed": closed}
    result = mount("training", data, key=key, hears=["run", "act"])
    return {"run": result.get("run"), "act": result.get("act")}
