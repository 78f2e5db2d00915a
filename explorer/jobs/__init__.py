"""Long work in child processes: `submit` a command of the command line, look at its `status`, `stop` it, read its
`result`. A job is a folder, and the folder is all there is to know about it, so that every page, in any browser
session, before and after a restart of the server, sees the same.

| file | what it is |
| --- | --- |
| `settings.json` | the arguments of the command |
| `queued.json` | the command, and since when it waits |
| `job.json` | its process, once it has started |
| `progress.json` | how far it is, and how it ended |
| `result.json` | what the command returned |
| `log.txt` | what it printed, locked by its process for as long as that lives |
"""

from explorer.jobs.process import claim
from explorer.jobs.progress import Report, Status, duration, run_reported
from explorer.jobs.queue import active, advance, job_folder, result, settings, status, stop, submit
