import { h } from "../ui/dom";

const WIDTH = 320;

/** A small picture of an element: the canvases in it, where they lie. */
export function thumbnail(element: HTMLElement, ground: string): HTMLCanvasElement {
  const box = element.getBoundingClientRect();
  const scale = WIDTH / Math.max(1, box.width);
  const picture = h("canvas", { width: WIDTH, height: Math.max(1, Math.round(scale * box.height)) });
  const context = picture.getContext("2d")!;
  context.fillStyle = ground;
  context.fillRect(0, 0, picture.width, picture.height);
  for (const canvas of element.querySelectorAll("canvas")) {
    const place = canvas.getBoundingClientRect();
    if (!canvas.width || !canvas.height || !place.width) continue;
    context.drawImage(canvas, scale * (place.left - box.left), scale * (place.top - box.top), scale * place.width, scale * place.height);
  }
  return picture;
}

/** Whether all pixels of a picture are the same. */
export function isBlank(picture: HTMLCanvasElement): boolean {
  const pixels = new Uint32Array(picture.getContext("2d")!.getImageData(0, 0, picture.width, picture.height).data.buffer);
  return pixels.every((pixel) => pixel === pixels[0]);
}

/** Another canvas with the same picture. */
export function copyOf(picture: HTMLCanvasElement): HTMLCanvasElement {
  const copy = h("canvas", { width: picture.width, height: picture.height });
  copy.getContext("2d")!.drawImage(picture, 0, 0);
  return copy;
}
