import { eigenSteps } from "../latent/symmetric";
import { nearestRows } from "../latent/nearest";
import type { ColumnValues } from "../page/library";
import { gather, scatter } from "./codes";
import type { Slices } from "./slices";

/** Codes from which principal components are computed; of more, some that lie evenly among them. */
const MOST = 20_000;
/** Neighbours that make a neighbourhood, and the largest share of all codes that they may be. */
const NEIGHBOURS = 200;
const SHARE = 0.2;

/** Unit vectors, the strongest first, and how strong each is. */
export interface Components {
  vectors: Float64Array[];
  /** The share of the variance; of a decoder, how far the image moves per unit. */
  strengths: number[];
}

/** The principal components of codes (N, d), and their shares of the variance. */
export async function principal(codes: Float32Array, d: number, count: number, slices: Slices): Promise<Components> {
  const n = codes.length / d;
  const stride = Math.max(1, Math.ceil(n / MOST));
  return componentsOf(codes, d, Array.from({ length: Math.ceil(n / stride) }, (_, i) => i * stride), count, slices);
}

/** The same of the codes around z. */
export async function local(codes: Float32Array, z: Float32Array, count: number, slices: Slices): Promise<Components> {
  const d = z.length;
  const near = Math.max(d + 1, Math.min(NEIGHBOURS, Math.floor((SHARE * codes.length) / d)));
  return componentsOf(codes, d, nearestRows(codes, z, near), count, slices);
}

async function componentsOf(codes: Float32Array, d: number, rows: number[], count: number, slices: Slices): Promise<Components> {
  const { values, vectors } = await slices.run(eigenSteps(await scatter(gather(codes, d, rows), slices), d));
  const total = values.reduce((sum, value) => sum + Math.max(value, 0), 0) || 1;
  return { vectors: vectors.slice(0, count), strengths: Array.from(values.slice(0, count), (value) => Math.max(value, 0) / total) };
}

/** How much of the variance of some places the values of a column explain: the squared correlation ratio, 0 to 1. */
export function explained(places: Float32Array, categories: ArrayLike<number>): number {
  const groups = new Map<number, [sum: number, count: number]>();
  let [sum, square] = [0, 0];
  for (let i = 0; i < places.length; i++) {
    const group = groups.get(categories[i]) ?? [0, 0];
    groups.set(categories[i], [group[0] + places[i], group[1] + 1]);
    sum += places[i];
    square += places[i] ** 2;
  }
  const mean = sum / places.length;
  const total = square - sum * mean;
  let between = 0;
  for (const [s, count] of groups.values()) between += count * (s / count - mean) ** 2;
  return total > 0 ? between / total : 0;
}

/** Least share of a direction's variance that is worth a name. */
const WORTH = 0.05;

/** What differs most along a direction, of the columns of classes and factors: "hair colour, 41 %"; empty if nothing does. */
export function nameOf(projections: Float32Array, columns: ColumnValues[]): string {
  const shares = columns.map(({ column, categories }) => ({ label: column.label, share: categories ? explained(projections, categories) : 0 }));
  const best = shares.reduce((most, other) => (other.share > most.share + 1e-9 ? other : most), { label: "", share: WORTH });
  return best.label && `${best.label}, ${Math.round(100 * best.share)} %`;
}
