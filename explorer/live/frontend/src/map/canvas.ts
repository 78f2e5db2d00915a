/** Points on a 2-D canvas, for browsers without WebGL2: the same look, at most 40,000 points. */
import { dotStyle, type DotStyle, type PointLayer, type Scene } from "./layer";
import { css, type Rgb } from "./palette";
import type { PointStore } from "./store";
import { screenX, screenY } from "./viewport";

const MOST = 40_000;
const SLICE = 8_000;

export class CanvasPoints implements PointLayer {
  readonly budget = 6_000;
  private readonly ctx = this.canvas.getContext("2d");
  private store: PointStore | null = null;
  private ranks: Uint32Array | null = null;
  private done = 0;
  private readonly style: DotStyle = { size: 1, alpha: 1, outline: 0 };
  private readonly stamps = new Map<number, HTMLCanvasElement>();
  private stampKey = "";

  constructor(readonly canvas: HTMLCanvasElement) {}

  resize(width: number, height: number, ratio: number): void {
    this.canvas.width = Math.max(1, Math.round(width * ratio));
    this.canvas.height = Math.max(1, Math.round(height * ratio));
  }

  loadPositions(store: PointStore): void {
    this.store = store;
  }

  loadSlots(store: PointStore): void {
    this.store = store;
  }

  loadColours(store: PointStore): void {
    this.store = store;
    this.stampKey = "";
  }

  loadSelection(ranks: Uint32Array | null): void {
    this.ranks = ranks;
  }

  draw(scene: Scene, limit: number): void {
    const store = this.store;
    this.clear();
    if (!store || store.count === 0) return;
    const n = Math.min(limit, MOST, store.count);
    this.dots(store, scene, n / store.count, 0, n, this.ranks !== null);
    if (this.ranks) this.dots(store, scene, n / store.count, 0, Math.min(n, this.ranks.length), false, this.ranks);
  }

  begin(): void {
    this.clear();
    this.done = 0;
  }

  advance(scene: Scene): boolean {
    const store = this.store;
    if (!store) return true;
    const most = Math.min(MOST, store.count);
    const share = most / store.count;
    if (this.done < most) {
      const end = Math.min(most, this.done + SLICE);
      this.dots(store, scene, share, this.done, end, this.ranks !== null);
      this.done = end;
      return end === most && !this.ranks;
    }
    if (this.ranks) this.dots(store, scene, share, 0, Math.min(MOST, this.ranks.length), false, this.ranks);
    return true;
  }

  destroy(): void {
    this.stamps.clear();
  }

  private clear(): void {
    this.ctx?.setTransform(1, 0, 0, 1, 0, 0);
    this.ctx?.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  private dots(
    store: PointStore,
    scene: Scene,
    share: number,
    first: number,
    end: number,
    faded: boolean,
    ranks: Uint32Array | null = null,
  ): void {
    const { ctx, style } = this;
    const { view, width, height, ratio, mix } = scene;
    if (!ctx) return;
    dotStyle((store.density * share) / (view.scale * view.scale), style);
    this.useStamps(scene, faded);
    const reach = style.size / 2 + 1;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.globalAlpha = faded ? style.alpha * 0.35 : style.alpha;
    for (let i = first; i < end; i++) {
      const k = ranks ? ranks[i]! : i;
      const slot = store.packedSlots[k]!;
      if (!store.isSlotVisible(slot)) continue;
      const ax = store.from[2 * k]!;
      const ay = store.from[2 * k + 1]!;
      const sx = screenX(view, width, ax + (store.to[2 * k]! - ax) * mix);
      const sy = screenY(view, height, ay + (store.to[2 * k + 1]! - ay) * mix);
      if (!(sx > -reach && sx < width + reach && sy > -reach && sy < height + reach)) continue;
      ctx.drawImage(this.stamp(store, slot, scene, faded), sx - reach, sy - reach, 2 * reach, 2 * reach);
    }
    ctx.globalAlpha = 1;
  }

  /** Stamps stay valid while size, fading and colours do. */
  private useStamps(scene: Scene, faded: boolean): void {
    const key = `${this.style.size} ${scene.ratio} ${faded} ${scene.background.join()}`;
    if (key === this.stampKey) return;
    this.stampKey = key;
    this.stamps.clear();
  }

  private stamp(store: PointStore, slot: number, scene: Scene, faded: boolean): HTMLCanvasElement {
    const known = this.stamps.get(slot);
    if (known) return known;
    const { size, outline } = this.style;
    const stamp = document.createElement("canvas");
    stamp.width = stamp.height = Math.ceil((size + 2) * scene.ratio);
    const ctx = stamp.getContext("2d");
    if (ctx) {
      const middle = stamp.width / 2;
      const own = store.slotColour(slot);
      const rim = faded ? 0 : outline;
      if (rim > 0) disc(ctx, middle, (size / 2) * scene.ratio, scene.background);
      disc(ctx, middle, (size / 2 - rim) * scene.ratio, faded ? mixed(own, scene.muted) : own);
    }
    this.stamps.set(slot, stamp);
    return stamp;
  }
}

const mixed = (a: Rgb, b: Rgb): Rgb => [a[0] * 0.2 + b[0] * 0.8, a[1] * 0.2 + b[1] * 0.8, a[2] * 0.2 + b[2] * 0.8];

function disc(ctx: CanvasRenderingContext2D, middle: number, radius: number, colour: Rgb): void {
  ctx.fillStyle = css(colour);
  ctx.beginPath();
  ctx.arc(middle, middle, radius, 0, 2 * Math.PI);
  ctx.fill();
}
