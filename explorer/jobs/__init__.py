"""Background jobs: long-running commands in child processes, with a queue, progress and results.

`submit` queues a command of the command line; `status`, `stop` and `result` act on it. A job is a folder that holds its
whole state, so every page in every browser session sees the same, also after a restart of the server.

| file | content |
| --- | --- |
| `settings.json` | the arguments of the command |
| `queued.json` | the command, and when it was queued |
| `job.json` | its process, once started |
| `progress.json` | its progress, and how it ended |
| `result.json` | the result of the command |
| `log.txt` | its output, locked by its process while that runs |
"""

from explorer.jobs.process import claim
from explorer.jobs.progress import Report, Status, duration, run_reported
from explorer.jobs.queue import active, advance, job_folder, result, settings, status, stop, submit
