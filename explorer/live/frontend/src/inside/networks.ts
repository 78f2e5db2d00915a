import { fetchBytes } from "../engine/assets";
import { type Posterior, posteriorOf } from "../engine/encoder";
import { feeds, openSession, type Session } from "../engine/session";
import { runtime } from "../page/live-model";
import type { Model } from "../schema";
import { hiddenLayers, type Made, withOutputs } from "./graph";

/** The values of one hidden layer for one image, with their shape: (n) or (C, H, W). */
export interface Layer extends Made {
  shape: number[];
  values: Float32Array;
}

/** A network that also gives its hidden layers. */
class Opened {
  private constructor(private readonly by: Session, private readonly layers: Made[], private readonly beta: number) {}

  static async open(onnx: ArrayBuffer, beta: number): Promise<Opened> {
    const layers = hiddenLayers(onnx);
    const more = withOutputs(onnx, layers.map(({ name }) => name));
    return new Opened(await openSession(await runtime(), more, "wasm"), layers, beta);
  }

  async run(input: string, values: Float32Array, shape: readonly number[], label: number): Promise<{ outputs: Record<string, Float32Array>; layers: Layer[] }> {
    const found = await this.by.session.run(feeds(this.by, input, values, [1, ...shape], this.beta, [label]));
    const outputs = Object.fromEntries(Object.entries(found).map(([name, tensor]) => [name, tensor.data as Float32Array]));
    const layers = this.layers.map((made) => ({ ...made, shape: found[made.name].dims.slice(1), values: outputs[made.name] }));
    return { outputs, layers };
  }

  dispose(): void {
    void this.by.session.release();
  }
}

/** A model's two networks, each with its hidden layers; without an encoder where the model came without one. */
export class Networks {
  /** The class that a conditional model is given. */
  label = 0;

  private constructor(private readonly model: Model, private readonly encoder: Opened | null, private readonly decoder: Opened) {}

  /** `base` is the address of the model's files. */
  static async open(model: Model, base: string): Promise<Networks> {
    const open = async (file: string) => Opened.open(await fetchBytes(base + file), model.beta ?? 1);
    const [encoder, decoder] = await Promise.all([model.vision ? open("encoder.onnx") : null, open("decoder.onnx")]);
    return new Networks(model, encoder, decoder);
  }

  get sees(): boolean {
    return this.encoder !== null;
  }

  /** q(z|x) of an image (C, H, W) in [0, 1], and the layers on the way there. */
  async encode(image: Float32Array): Promise<{ posterior: Posterior; layers: Layer[] }> {
    if (!this.encoder) throw new Error("There is no encoder.");
    const { outputs, layers } = await this.encoder.run("image", image, this.model.imageShape, this.label);
    return { posterior: posteriorOf(outputs, this.model.latentSize), layers };
  }

  /** The mean image of a code, (C, H, W) in [0, 1], and the layers on the way there. */
  async decode(z: Float32Array): Promise<{ image: Float32Array; layers: Layer[] }> {
    const { outputs, layers } = await this.decoder.run("z", z, [this.model.latentSize], this.label);
    return { image: outputs["image"], layers };
  }

  dispose(): void {
    this.encoder?.dispose();
    this.decoder.dispose();
  }
}
