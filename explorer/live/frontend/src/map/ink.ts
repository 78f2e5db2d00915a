/** Strokes that show on any points: each has a rim in the colour of the background. */

/** Letters of so many pixels. */
export const mapFont = (letter: number): string => `${letter}px system-ui, -apple-system, 'Segoe UI', sans-serif`;

/** Text that stays readable on top of points. */
export function haloed(
  ctx: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  fill: string,
  halo: string,
): void {
  ctx.strokeStyle = halo;
  ctx.lineWidth = 3.5;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = fill;
  ctx.fillText(text, x, y);
}

export function ringed(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  fill: string,
  gap: string,
  ring: string,
): void {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.lineWidth = 5;
  ctx.strokeStyle = gap;
  ctx.stroke();
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.strokeStyle = ring;
  ctx.stroke();
}

/** Stroke the current path with a rim in the background colour, so that it shows on any points. */
export function outlined(ctx: CanvasRenderingContext2D, width: number, colour: string, rim: string, alpha: number): void {
  ctx.globalAlpha = 0.7 * alpha;
  ctx.lineWidth = width + 2.5;
  ctx.strokeStyle = rim;
  ctx.stroke();
  ctx.globalAlpha = alpha;
  ctx.lineWidth = width;
  ctx.strokeStyle = colour;
  ctx.stroke();
  ctx.globalAlpha = 1;
}
