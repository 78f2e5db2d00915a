import type { Posterior } from "../engine/encoder";
import type { Model } from "../schema";
import type { Layer } from "./networks";
import type { Terms } from "./compute";

/** One image on its way through one model: every value of the computation. */
export interface Passage {
  model: Model;
  /** The image (C, H, W) in [0, 1]; null where it is not there. */
  x: Float32Array | null;
  posterior: Posterior;
  /** Null where the posterior is the stored one, for want of an encoder or of the image. */
  encoderLayers: Layer[] | null;
  epsilon: Float32Array;
  z: Float32Array;
  decoderLayers: Layer[];
  /** What z decodes to, (C, H, W) in [0, 1]. */
  decoded: Float32Array;
  terms: Terms;
}
