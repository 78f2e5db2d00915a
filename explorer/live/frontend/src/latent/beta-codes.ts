import type { Plane } from "./plane";
import type { BetaRange } from "../schema";
import { placeOf } from "./beta-range";

/** How long β rests before all that depends on the codes is measured again, in ms. */
export const BETA_REST = 150;

let table: Float32Array | undefined;

/** The values of half-precision floats. */
export function fromHalves(bytes: ArrayBuffer): Float32Array {
  table ??= Float32Array.from({ length: 65536 }, (_, bits) => {
    const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
    const size = exponent === 0 ? fraction * 2 ** -24 : exponent === 31 ? (fraction ? NaN : Infinity) : (1024 + fraction) * 2 ** (exponent - 25);
    return bits & 0x8000 ? -size : size;
  });
  const values = table;
  return Float32Array.from(new Uint16Array(bytes), (bits) => values[bits]);
}

/** Numbers of every code, (R, N, w), at the β of a range, and linear in log β between them. */
class AtBetas {
  constructor(
    private readonly range: Pick<BetaRange, "betas">,
    protected readonly values: Float32Array,
    /** Numbers at one β. */
    private readonly size: number,
  ) {}

  /** Numbers from `start` to `end` at this β. */
  at(beta: number, start = 0, end = this.size): Float32Array {
    const { values, size } = this;
    const { low, part } = placeOf(this.range, beta);
    const [from, to] = [low * size, (low + 1) * size];
    const out = new Float32Array(end - start);
    for (let i = start; i < end; i++) out[i - start] = values[from + i] + part * (values[to + i] - values[from + i]);
    return out;
  }
}

/** Codes, or the logarithms of scales, (R, N, d). */
export class BetaCodes extends AtBetas {
  constructor(private readonly betas: Pick<BetaRange, "betas">, values: Float32Array, readonly latentSize: number) {
    super(betas, values, values.length / betas.betas.length);
  }

  row(beta: number, i: number): Float32Array {
    return this.at(beta, i * this.latentSize, (i + 1) * this.latentSize);
  }

  /** Positions in a plane, (R, 2, N): a plane is linear, so those between two β lie on the line between theirs. */
  places(plane: Plane): BetaPlaces {
    const count = this.values.length / this.latentSize / this.betas.betas.length;
    const both = new Float32Array(2 * count * this.betas.betas.length);
    this.betas.betas.forEach((_, r) => {
      const from = r * count * this.latentSize;
      const [x, y] = plane.dropAll(this.values.subarray(from, from + count * this.latentSize), count);
      both.set(x, 2 * r * count);
      both.set(y, (2 * r + 1) * count);
    });
    return new BetaPlaces(this.betas, both, 2 * count);
  }
}

/** Positions of all codes at each β. */
export class BetaPlaces extends AtBetas {
  xy(beta: number): [x: Float32Array, y: Float32Array] {
    const both = this.at(beta);
    return [both.subarray(0, both.length / 2), both.subarray(both.length / 2)];
  }
}
