import { type Assets, fetchBytes } from "../engine/assets";
import { type Decoder, openDecoder, serverDecoder } from "../engine/decoder";
import type { Shape } from "../engine/pixels";

/** Number of open decoders: those of the latest cards. */
const MOST = 4;

interface Source {
  base: string;
  latentSize: number;
  imageShape: Shape;
}

/** The gallery's decoders on a single runtime, few at a time. */
export class Decoders {
  private readonly open = new Map<string, Promise<Decoder>>();

  constructor(private readonly assets: Promise<Assets>) {}

  get({ base, latentSize, imageShape }: Source): Promise<Decoder> {
    let decoder = this.open.get(base);
    this.open.delete(base);
    decoder ??= fetchBytes(base + "decoder.onnx")
      .then(async (onnx) => openDecoder(await this.assets, { onnx, latentSize, shape: imageShape }, "wasm"))
      .catch(() => serverDecoder(base + "decode", imageShape));
    this.open.set(base, decoder); // the latest comes last
    for (const oldest of [...this.open.keys()].slice(0, -MOST)) this.close(oldest);
    return decoder;
  }

  dispose(): void {
    for (const base of [...this.open.keys()]) this.close(base);
  }

  private close(base: string): void {
    void this.open.get(base)?.then((decoder) => decoder.dispose(), () => undefined);
    this.open.delete(base);
  }
}
