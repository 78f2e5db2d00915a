import type { CurveLine, RunRow, RunState } from "../schema";

/** Whether a training may still change by itself. */
export const busy = (state: RunState): boolean => state === "running" || state === "waiting";

/** A duration in seconds, minutes or hours. */
export function duration(seconds: number): string {
  if (seconds < 100) return `${Math.max(0, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** A size on disk, to a tenth of a megabyte. */
export function megabytes(bytes: number): string {
  return bytes > 0 && bytes < 50_000 ? "< 0.1 MB" : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** The status of a training in one line. */
export function sentenceOf(row: RunRow, last: CurveLine | undefined): string {
  switch (row.state) {
    case "waiting":
      return row.place ? `Waiting for its turn behind ${row.place} ${row.place === 1 ? "training" : "trainings"}.` : "Waiting for the current training.";
    case "running": {
      const parts = [row.message === "starting" ? "starting: the first steps take a few seconds" : row.message];
      if (last && row.message.startsWith("epoch")) {
        parts.push(`${last.speed.toLocaleString("en")} images/s`);
        if (last.left !== null) parts.push(`${duration(last.left)} left`);
      }
      return parts.join(" · ");
    }
    case "done":
      return `Done in ${duration(row.seconds)}.`;
    case "paused":
      return `Paused. ${row.message}`;
    case "stopped":
      return `Stopped, model kept. ${row.message}`;
    case "failed":
      return row.message;
  }
}
