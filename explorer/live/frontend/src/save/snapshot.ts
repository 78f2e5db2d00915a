/** Elements that draw themselves: what is inside them is not looked at. */
export const snapshots = new WeakMap<Element, (ratio: number) => HTMLCanvasElement>();

/**
 * A picture of a view: its canvases at their places with crisp pixels, sliders, and the text beside them.
 *
 * Browsers have no call that draws an element; a view is simple enough to be drawn again from its boxes.
 */
export function snapshot(root: HTMLElement, ratio = 2): HTMLCanvasElement {
  const box = root.getBoundingClientRect();
  const margin = 16;
  const out = document.createElement("canvas");
  out.width = Math.round((box.width + 2 * margin) * ratio);
  out.height = Math.round((box.height + 2 * margin) * ratio);
  const context = out.getContext("2d")!;
  const style = getComputedStyle(root);
  context.scale(ratio, ratio);
  context.imageSmoothingEnabled = false;
  context.fillStyle = style.getPropertyValue("--ground").trim() || "#fff";
  context.fillRect(0, 0, box.width + 2 * margin, box.height + 2 * margin);
  context.translate(margin - box.left, margin - box.top);
  for (const element of root.querySelectorAll<HTMLElement | SVGElement>(".map, canvas, svg.curve, input[type=range], .dimension input.figure, b, small, figcaption, output")) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".pointer")) continue;
    const at = element.getBoundingClientRect();
    const draw = snapshots.get(element);
    if (draw) context.drawImage(draw(ratio), at.left, at.top, at.width, at.height);
    else if (element.closest(".map")) continue;
    else if (element instanceof HTMLCanvasElement) context.drawImage(element, at.left, at.top, at.width, at.height);
    else if (element instanceof SVGElement) drawCurve(context, element, at);
    else if (element instanceof HTMLInputElement && element.type === "range") drawSlider(context, element, at, style);
    else drawText(context, element, at);
  }
  return out;
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
  for (const path of svg.querySelectorAll("path")) {
    const style = getComputedStyle(path);
    const shape = new Path2D(path.getAttribute("d") ?? "");
    const [, , width, height] = (svg.getAttribute("viewBox") ?? "0 0 1 1").split(" ").map(Number);
    const placed = new Path2D();
    placed.addPath(shape, new DOMMatrix([at.width / width, 0, 0, at.height / height, at.left, at.top]));
    if (style.fill !== "none") {
      context.fillStyle = style.fill;
      context.fill(placed);
    }
    if (style.stroke !== "none") {
      context.strokeStyle = style.stroke;
      context.lineWidth = parseFloat(style.strokeWidth) || 1;
      context.stroke(placed);
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
