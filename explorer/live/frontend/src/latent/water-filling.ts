// Reverse water-filling in closed form: the linear β-VAE, and R(D) of a Gaussian. `tests/metrics/water_filling.py`
// derives it; eigenvalues λ fall, and the level θ = β·σ² is above 0, both in squared pixel values.

/** The rate of a direction in nats: ½ ln(λ/θ), or 0 under water. */
export const rateOf = (lambda: number, level: number): number => (lambda > level ? 0.5 * Math.log(lambda / level) : 0);

/** The share of a direction's variance that is restored, 1 − θ/λ or 0: also the gain of the reconstruction. */
export const keptOf = (lambda: number, level: number): number => (lambda > level ? 1 - level / lambda : 0);

/** How many directions stand above the water. */
export function liveAt(eigenvalues: ArrayLike<number>, level: number): number {
  let live = 0;
  while (live < eigenvalues.length && eigenvalues[live] > level) live++;
  return live;
}

/** Nats per image. */
export function rateAt(eigenvalues: ArrayLike<number>, level: number): number {
  let nats = 0;
  for (let i = 0; i < eigenvalues.length; i++) nats += rateOf(eigenvalues[i], level);
  return nats;
}

/** Expected squared error per image. */
export function distortionAt(eigenvalues: ArrayLike<number>, level: number): number {
  let error = 0;
  for (let i = 0; i < eigenvalues.length; i++) error += Math.min(eigenvalues[i], level);
  return error;
}

/** The level at which the squared error per image is `distortion`; infinite at the whole variance, NaN at 0 and below. */
export function levelAt(eigenvalues: ArrayLike<number>, distortion: number): number {
  if (!(distortion > 0)) return NaN;
  let drowned = 0;
  for (let i = 0; i < eigenvalues.length; i++) drowned += eigenvalues[i];
  if (distortion >= drowned) return Infinity;
  // one direction more lives until the level reaches the strongest drowned one
  for (let live = 1; live <= eigenvalues.length; live++) {
    drowned -= eigenvalues[live - 1];
    const level = (distortion - drowned) / live;
    if (live === eigenvalues.length || level >= eigenvalues[live]) return level;
  }
  return NaN;
}
