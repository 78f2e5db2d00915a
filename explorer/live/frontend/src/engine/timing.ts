/** The last moments of one kind of event, in a ring: what a benchmark reads, at no cost to the page. */
export class Ring {
  total = 0;
  private readonly rows = new Float64Array(this.width * this.capacity);

  constructor(
    private readonly width: number,
    private readonly capacity = 2048,
  ) {}

  push(...row: number[]): void {
    this.rows.set(row, (this.total++ % this.capacity) * this.width);
  }

  /** Rows from number `since` on (or the oldest kept), as plain arrays. */
  read(since = 0): number[][] {
    const out: number[][] = [];
    for (let i = Math.max(since, this.total - this.capacity); i < this.total; i++) {
      const at = (i % this.capacity) * this.width;
      out.push([...this.rows.subarray(at, at + this.width)]);
    }
    return out;
  }
}

export interface Timings {
  /** [input, start of decode, painted], in ms of performance.now(), one row per painted image. */
  paints: Ring;
  /** [asked, painted, images] per strip or grid. */
  strips: Ring;
  backend: string;
  /** When the image that came with the page was painted, in ms of performance.now(); 0 if there was none. */
  first: number;
}

declare global {
  interface Window {
    __stage?: Timings;
  }
}

/** The page's timings, at `window.__stage`. */
export function timings(): Timings {
  return (window.__stage ??= { paints: new Ring(3), strips: new Ring(3), backend: "", first: 0 });
}
