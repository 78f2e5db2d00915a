/** Cross-fade two pictures of one size on a canvas. */
export function fade(canvas: HTMLCanvasElement, from: CanvasImageSource | null, to: CanvasImageSource | null, share: number): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.globalAlpha = 1;
  if (from) context.drawImage(from, 0, 0);
  context.globalAlpha = from ? share : 1;
  if (to && (share > 0 || !from)) context.drawImage(to, 0, 0);
  context.globalAlpha = 1;
}

/** RGBA pixels as a canvas. */
export function drawable(rgba: Uint8ClampedArray<ArrayBuffer>, width: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, rgba.length / 4 / width];
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, width), 0, 0);
  return canvas;
}
