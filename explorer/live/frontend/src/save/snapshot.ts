import { SvgContext } from "./svg";

/** Draws an element: as a picture, or by calls of a canvas context in CSS pixels. */
interface Drawing {
  picture(ratio: number): HTMLCanvasElement;
  vectors(context: CanvasRenderingContext2D): void;
}

/** Elements that draw themselves; their contents are skipped. */
export const snapshots = new WeakMap<Element, Drawing>();

const MARGIN = 16;

/** A picture of a view, `ratio` pixels per CSS pixel. */
export function snapshot(root: HTMLElement, ratio = 2): HTMLCanvasElement {
  const box = root.getBoundingClientRect();
  const out = document.createElement("canvas");
  out.width = Math.round((box.width + 2 * MARGIN) * ratio);
  out.height = Math.round((box.height + 2 * MARGIN) * ratio);
  const context = out.getContext("2d")!;
  context.scale(ratio, ratio);
  draw(root, context, (element, at) => context.drawImage(element.picture(ratio), at.left, at.top, at.width, at.height));
  return out;
}

/** The same as SVG: points, lines and text as vectors, images embedded. */
export function vectorSnapshot(root: HTMLElement): string {
  const box = root.getBoundingClientRect();
  const svg = new SvgContext(box.width + 2 * MARGIN, box.height + 2 * MARGIN);
  draw(root, svg.context, (element, at) => svg.within(at, () => element.vectors(svg.context)));
  return svg.text();
}

/**
 * Draw a view: its canvases at their places with crisp pixels, sliders, and the text beside them.
 *
 * Browsers cannot draw an element to a canvas, so the parts of a view are redrawn from their boxes.
 */
function draw(root: HTMLElement, context: CanvasRenderingContext2D, drawing: (element: Drawing, at: DOMRect) => void): void {
  const box = root.getBoundingClientRect();
  const style = getComputedStyle(root);
  context.imageSmoothingEnabled = false;
  context.fillStyle = style.getPropertyValue("--ground").trim() || "#fff";
  context.fillRect(0, 0, box.width + 2 * MARGIN, box.height + 2 * MARGIN);
  context.translate(MARGIN - box.left, MARGIN - box.top);
  for (const element of root.querySelectorAll<HTMLElement | SVGElement>(".map, canvas, svg.curve, input[type=range], .dimension input.figure, b, small, figcaption, output")) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".pointer")) continue;
    const at = element.getBoundingClientRect();
    const own = snapshots.get(element);
    if (own) drawing(own, at);
    else if (element.closest(".map")) continue;
    else if (element instanceof HTMLCanvasElement) context.drawImage(element, at.left, at.top, at.width, at.height);
    else if (element instanceof SVGElement) drawCurve(context, element, at);
    else if (element instanceof HTMLInputElement && element.type === "range") drawSlider(context, element, at, style);
    else drawText(context, element, at);
  }
}

function drawSlider(context: CanvasRenderingContext2D, slider: HTMLInputElement, at: DOMRect, style: CSSStyleDeclaration): void {
  const [low, high] = [Number(slider.min), Number(slider.max)];
  const x = at.left + 8 + ((slider.valueAsNumber - low) / (high - low)) * (at.width - 16);
  const y = at.top + at.height / 2;
  context.fillStyle = style.getPropertyValue("--line");
  context.globalAlpha = 1;
  context.fillRect(at.left, y - 1, at.width, 2);
  context.fillStyle = style.getPropertyValue("--accent");
  context.beginPath();
  context.arc(x, y, 7, 0, 2 * Math.PI);
  context.fill();
}

function drawCurve(context: CanvasRenderingContext2D, svg: SVGElement, at: DOMRect): void {
  const [, , width, height] = (svg.getAttribute("viewBox") ?? "0 0 1 1").split(" ").map(Number);
  const [sx, sy] = [at.width / width, at.height / height];
  for (const path of svg.querySelectorAll("path")) {
    const style = getComputedStyle(path);
    const shape = path.getAttribute("d") ?? "";
    if (context instanceof SvgContext) {
      context.shape(shape, [sx, sy, at.left, at.top], style.fill, style.stroke, parseFloat(style.strokeWidth) || 1);
      continue;
    }
    const scaled = new Path2D();
    scaled.addPath(new Path2D(shape), new DOMMatrix([sx, 0, 0, sy, at.left, at.top]));
    if (style.fill !== "none") {
      context.fillStyle = style.fill;
      context.fill(scaled);
    }
    if (style.stroke !== "none") {
      context.strokeStyle = style.stroke;
      context.lineWidth = parseFloat(style.strokeWidth) || 1;
      context.stroke(scaled);
    }
  }
}

function drawText(context: CanvasRenderingContext2D, element: HTMLElement, at: DOMRect): void {
  const style = getComputedStyle(element);
  const text = element instanceof HTMLInputElement ? element.value : (element.textContent ?? "");
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.fillStyle = style.color;
  context.textBaseline = "middle";
  context.textAlign = element instanceof HTMLInputElement ? "right" : "left";
  context.fillText(text, element instanceof HTMLInputElement ? at.right - 5 : at.left, at.top + at.height / 2);
}
