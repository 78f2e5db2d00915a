const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);
const short = (value: number): string => String(Number(value.toFixed(2)));

/**
 * The part of the canvas context that the map and the snapshot use, drawing SVG, so that the same code draws both.
 * Lines, shapes and text stay vectors; images are embedded as PNG in their own resolution.
 */
export class SvgContext {
  fillStyle: string | CanvasGradient | CanvasPattern = "#000";
  strokeStyle: string | CanvasGradient | CanvasPattern = "#000";
  lineWidth = 1;
  lineCap = "butt";
  lineJoin = "miter";
  globalAlpha = 1;
  font = "10px sans-serif";
  textAlign = "left";
  textBaseline = "alphabetic";
  imageSmoothingEnabled = false;
  private readonly parts: string[] = [];
  private readonly gradients: string[] = [];
  private readonly measure = document.createElement("canvas").getContext("2d");
  private path = "";
  private dash = "";
  private shift: [number, number] = [0, 0];

  constructor(readonly width: number, readonly height: number) {}

  /** This object as a canvas context. */
  get context(): CanvasRenderingContext2D {
    return this as unknown as CanvasRenderingContext2D;
  }

  text(): string {
    const [w, h] = [short(this.width), short(this.height)];
    const defs = this.gradients.length ? `<defs>${this.gradients.join("")}</defs>` : "";
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}">${defs}\n${this.parts.join("\n")}\n</svg>\n`;
  }

  translate(x: number, y: number): void {
    this.shift = [this.shift[0] + x, this.shift[1] + y];
  }

  /** Paint into a clipped box. */
  within({ left, top, width, height }: DOMRect, paint: () => void): void {
    const before = this.shift;
    this.add(`<svg ${this.box(left, top, width, height)}>`);
    this.shift = [0, 0];
    paint();
    this.shift = before;
    this.add("</svg>");
  }

  beginPath(): void {
    this.path = "";
  }

  moveTo(x: number, y: number): void {
    this.path += `M${this.at(x, y)}`;
  }

  lineTo(x: number, y: number): void {
    this.path += `${this.path ? "L" : "M"}${this.at(x, y)}`;
  }

  closePath(): void {
    this.path += "Z";
  }

  rect(x: number, y: number, w: number, h: number): void {
    this.path += `M${this.at(x, y)}h${short(w)}v${short(h)}h${short(-w)}Z`;
  }

  /** Whole circles only; nothing draws partial arcs. */
  arc(x: number, y: number, radius: number): void {
    this.ellipse(x, y, radius, radius, 0);
  }

  ellipse(x: number, y: number, rx: number, ry: number, angle: number): void {
    const [dx, dy] = [rx * Math.cos(angle), rx * Math.sin(angle)];
    const arc = `A${short(rx)} ${short(ry)} ${short((angle * 180) / Math.PI)} 1 1 `;
    this.path += `M${this.at(x - dx, y - dy)}${arc}${this.at(x + dx, y + dy)}${arc}${this.at(x - dx, y - dy)}`;
  }

  setLineDash(lengths: number[]): void {
    this.dash = lengths.length ? ` stroke-dasharray="${lengths.join(" ")}"` : "";
  }

  fill(): void {
    this.add(`<path d="${this.path}" fill="${this.paint(this.fillStyle)}"${this.alpha}/>`);
  }

  stroke(): void {
    this.add(`<path d="${this.path}" fill="none" ${this.pen}/>`);
  }

  fillRect(x: number, y: number, w: number, h: number): void {
    this.add(`<rect ${this.box(x, y, w, h)} fill="${this.paint(this.fillStyle)}"${this.alpha}/>`);
  }

  strokeRect(x: number, y: number, w: number, h: number): void {
    this.add(`<rect ${this.box(x, y, w, h)} fill="none" ${this.pen}/>`);
  }

  fillText(text: string, x: number, y: number): void {
    this.write(text, x, y, `fill="${this.paint(this.fillStyle)}"${this.alpha}`);
  }

  strokeText(text: string, x: number, y: number): void {
    this.write(text, x, y, `fill="none" ${this.pen}`);
  }

  measureText(text: string): { width: number } {
    if (this.measure) this.measure.font = this.font;
    return { width: this.measure?.measureText(text).width ?? 6 * text.length };
  }

  /** An SVG path, translated and scaled. */
  shape(d: string, matrix: [number, number, number, number], fill: string, stroke: string, width: number): void {
    const [sx, sy, x, y] = matrix;
    const [left, top] = this.at(x, y).split(" ");
    this.add(
      `<path d="${escaped(d)}" transform="translate(${left} ${top}) scale(${short(sx)} ${short(sy)})" fill="${escaped(fill)}" stroke="${escaped(stroke)}" stroke-width="${short(width)}" vector-effect="non-scaling-stroke"/>`,
    );
  }

  drawImage(source: CanvasImageSource, x: number, y: number, w: number, h: number): void {
    const { width, height } = source as HTMLCanvasElement;
    let canvas = source as HTMLCanvasElement;
    if (!(source instanceof HTMLCanvasElement)) {
      canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width, height];
      canvas.getContext("2d")!.drawImage(source, 0, 0);
    }
    this.add(`<image ${this.box(x, y, w, h)} preserveAspectRatio="none" style="image-rendering:pixelated" href="${canvas.toDataURL("image/png")}"/>`);
  }

  createLinearGradient(x0: number, y0: number, x1: number, y1: number): CanvasGradient {
    const id = `g${this.gradients.length}`;
    const [[left, top], [right, bottom]] = [this.at(x0, y0).split(" "), this.at(x1, y1).split(" ")];
    const place = this.gradients.push("") - 1;
    let stops = "";
    const addColorStop = (at: number, colour: string) => {
      stops += `<stop offset="${short(at)}" stop-color="${escaped(colour)}"/>`;
      this.gradients[place] = `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" x1="${left}" y1="${top}" x2="${right}" y2="${bottom}">${stops}</linearGradient>`;
    };
    return Object.assign({ addColorStop }, { toString: () => `url(#${id})` });
  }

  private add(part: string): void {
    this.parts.push(part);
  }

  private at(x: number, y: number): string {
    return `${short(x + this.shift[0])} ${short(y + this.shift[1])}`;
  }

  private box(x: number, y: number, w: number, h: number): string {
    const [left, top] = this.at(x, y).split(" ");
    return `x="${left}" y="${top}" width="${short(w)}" height="${short(h)}"`;
  }

  private paint(style: string | CanvasGradient | CanvasPattern): string {
    return escaped(String(style));
  }

  private get alpha(): string {
    return this.globalAlpha === 1 ? "" : ` opacity="${short(this.globalAlpha)}"`;
  }

  private get pen(): string {
    const joints = ` stroke-linecap="${this.lineCap}" stroke-linejoin="${this.lineJoin}"`;
    return `stroke="${this.paint(this.strokeStyle)}" stroke-width="${short(this.lineWidth)}"${joints}${this.dash}${this.alpha}`;
  }

  private write(text: string, x: number, y: number, style: string): void {
    const [left, top] = this.at(x, y).split(" ");
    const anchor = { left: "start", center: "middle", right: "end" }[this.textAlign] ?? "start";
    const baseline = this.textBaseline === "middle" ? ' dominant-baseline="central"' : "";
    this.add(`<text x="${left}" y="${top}" text-anchor="${anchor}"${baseline} style="font:${escaped(this.font)}" ${style}>${escaped(text)}</text>`);
  }
}
