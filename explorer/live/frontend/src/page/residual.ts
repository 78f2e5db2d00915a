import { h, swatch } from "../ui/dom";

const [MISSING, ADDED] = [[64, 150, 255], [255, 140, 60]] as const;

/** Image minus reconstruction as RGBA: of grey images what is missing and what is added in two colours, of others its size. */
export function residual(image: Float32Array, values: Float32Array, channels: number): Uint8ClampedArray<ArrayBuffer> {
  const size = image.length / channels;
  const out = new Uint8ClampedArray(4 * size).fill(255);
  for (let i = 0; i < size; i++)
    for (let c = 0; c < 3; c++) {
      const at = channels === 1 ? i : c * size + i;
      const by = image[at] - values[at];
      out[4 * i + c] = channels === 1 ? Math.abs(by) * (by > 0 ? MISSING : ADDED)[c] : 255 * Math.abs(by);
    }
  return out;
}

/** What the two colours mean. */
export function residualKey(): HTMLElement {
  const mark = ([r, g, b]: readonly number[]) => swatch(`rgb(${r} ${g} ${b})`, "mark");
  return h("span", { className: "residual-key", title: "the image minus what the model makes of it" }, mark(MISSING), "missing ", mark(ADDED), "added");
}
