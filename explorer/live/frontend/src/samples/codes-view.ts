import { h } from "../ui/dom";
import type { Bench } from "./bench";
import { Controls } from "./controls";
import { LaneView } from "./lane-view";
import { lesson } from "./lesson";
import type { SamplesData } from "./types";

/** One part of the page. */
export interface Part {
  readonly root: HTMLElement;
  update(data: SamplesData): void;
  dispose(): void;
}

/** The same random codes through every model. */
export class CodesView implements Part {
  readonly root: HTMLElement;
  private readonly controls: Controls;
  private readonly lanes: LaneView[];
  private readonly lesson = h("p", { className: "lesson" });

  constructor(bench: Bench, judge: () => void) {
    this.controls = new Controls(bench);
    this.lanes = bench.lanes.map((lane, i) => new LaneView(lane, bench, i, judge));
    this.root = h("div", { className: "codes" }, this.controls.root, h("div", { className: `lanes of-${this.lanes.length}` }, ...this.lanes.map((lane) => lane.root)), this.lesson);
  }

  update(data: SamplesData): void {
    this.lanes.forEach((lane) => lane.update(data));
    this.lesson.textContent = lesson(data.models, data.numbers, data.measures);
  }

  dispose(): void {
    this.controls.dispose();
    this.lanes.forEach((lane) => lane.dispose());
  }
}
