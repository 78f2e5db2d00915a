import { button, figure, h } from "../ui/dom";
import type { Estimate, Measure, ReportStatus, SamplesData } from "../schema";

/** Metrics of the samples of one model and one source, each with its interval over seeds. */
export class Metrics {
  readonly root = h("section", { className: "metrics", "aria-label": "metrics of these samples" });
  /** Key of the current content. */
  private key = "";

  constructor(private readonly evaluate: () => void) {}

  show(kind: string, statuses: Record<string, ReportStatus>, measures: SamplesData["measures"]): void {
    const status = statuses[kind];
    const key = JSON.stringify([kind, status, Object.keys(measures)]);
    if (key === this.key) return;
    this.key = key;
    this.root.replaceChildren(...this.content(kind, status, measures));
  }

  private content(kind: string, status: ReportStatus | undefined, measures: SamplesData["measures"]): HTMLElement[] {
    if (kind === "around") return [h("p", { className: "hint" }, "Samples around one image are not evaluated: they need not cover all images.")];
    if (status?.report) {
      const { report } = status;
      const rows = Object.entries(measures).flatMap(([name, measure]) =>
        report.measures[name] ? [row(measure, report.measures[name], report.real[name]?.mean)] : [],
      );
      const what = `${report.space} Means and 95% intervals over ${report.seeds} seeds, ${report.samples.toLocaleString("en")} samples against ${report.images.toLocaleString("en")} test images each. The tick marks the score of real training images.`;
      return [h("dl", {}, ...rows.flat()), h("p", { className: "hint" }, what)];
    }
    if (status?.fraction !== undefined) {
      const bar = h("progress", { max: 1, value: status.fraction, "aria-label": "progress of the evaluation" });
      return [h("div", { className: "waiting", role: "status" }, bar, h("span", { className: "hint" }, status.message ?? ""))];
    }
    if (status?.disabled) return [h("p", { className: "hint" }, status.disabled)];
    const error = status?.error ? [h("p", { className: "hint", role: "status" }, status.error)] : [];
    return [
      ...error,
      h("div", { className: "waiting" }, button("Evaluate these samples", this.evaluate, "compare samples of all models with test images"), h("span", { className: "hint" }, "coverage, recall, holes, Fréchet distance, …; runs in the background.")),
    ];
  }
}

function row(measure: Measure, { mean, low, high }: Estimate, real: number | undefined): HTMLElement[] {
  const top = measure.share ? 1 : Math.max(2, high * 1.1, (real ?? 0) * 1.1);
  const percent = (value: number) => `${(100 * Math.max(0, Math.min(1, value / top))).toFixed(1)}%`;
  const bar = h("span", { className: "interval", "aria-hidden": "true" });
  const part = (name: string, style: Partial<CSSStyleDeclaration>) => {
    const piece = h("i", { className: name });
    Object.assign(piece.style, style);
    bar.append(piece);
  };
  part("mean", { width: percent(mean) });
  part("spread", { left: percent(low), width: `calc(${percent(high)} - ${percent(low)})` });
  if (real !== undefined) part("real", { left: percent(real) });
  const interval = `${figure(low)} to ${figure(high)}`;
  const title = `${measure.label}: ${measure.about}. Here ${figure(mean)}, ${interval}.` + (real === undefined ? "" : ` Real training images: ${figure(real)}.`);
  return [
    h("dt", { title, tabIndex: 0 }, measure.label),
    h("dd", { title, className: "figure" }, h("b", {}, figure(mean)), bar, h("small", {}, interval)),
  ];
}
