import type { Projection } from "../schema";

/** A linear projection: a centre and two orthonormal directions, so that every point of the map is a code. */
export class Plane {
  private constructor(
    private readonly mean: Float32Array,
    private readonly axes: [Float32Array, Float32Array],
  ) {}

  static of({ mean, components }: Projection): Plane | null {
    if (!mean || !components) return null;
    const all = Float32Array.from(components);
    return new Plane(Float32Array.from(mean), [all.slice(0, mean.length), all.slice(mean.length)]);
  }

  /** Map position of a code. */
  drop(z: Float32Array): [number, number] {
    const along = (axis: Float32Array) => axis.reduce((sum, value, k) => sum + value * (z[k] - this.mean[k]), 0);
    return [along(this.axes[0]), along(this.axes[1])];
  }

  /** Map positions of `count` codes (count, d). */
  dropAll(codes: Float32Array, count: number): [x: Float32Array, y: Float32Array] {
    const d = this.mean.length;
    const [x, y] = [new Float32Array(count), new Float32Array(count)];
    for (let i = 0; i < count; i++) [x[i], y[i]] = this.drop(codes.subarray(i * d, (i + 1) * d));
    return [x, y];
  }

  /**
   * Two triangles on the map, (x, y) of six corners: where lines through a code lie that are at most `angle` radians off
   * the line from `low` to `high`. Null where that is every direction of the map.
   *
   * Of a cone with half-angle θ about a unit vector v, its image in the plane has the half-angle φ with
   * sin φ = sin θ / |Pv|: the tangents to the images of its cross-sections, ellipses with the half-axis tan θ.
   */
  fan(apex: Float32Array, low: Float32Array, high: Float32Array, angle: number): Float32Array | null {
    const [ends, [x, y]] = [[low, high].map((code) => this.drop(code)), this.drop(apex)];
    const length = Math.hypot(...high.map((value, k) => value - low[k]));
    const sine = (Math.sin(angle) * length) / Math.hypot(ends[1][0] - ends[0][0], ends[1][1] - ends[0][1]);
    if (!(sine < 1)) return null;
    const [s, c] = [sine, Math.sqrt(1 - sine * sine)];
    return Float32Array.from(ends.flatMap(([ex, ey]) => {
      const [dx, dy] = [ex - x, ey - y];
      return [x, y, x + c * dx - s * dy, y + s * dx + c * dy, x + c * dx + s * dy, y - s * dx + c * dy];
    }));
  }

  /** The code in the plane at (x, y). */
  lift(x: number, y: number): Float32Array {
    return this.mean.map((value, k) => value + x * this.axes[0][k] + y * this.axes[1][k]);
  }

  /** [xx, xy, yy] of a Gaussian with these standard deviations or this Cholesky factor (d·d), projected to the map. */
  covariance(scale: Float32Array, tril: Float32Array | null = null): [number, number, number] {
    const [u, v] = this.axes;
    if (tril) {
      const d = u.length;
      const turned = (axis: Float32Array) => axis.map((_, j) => axis.reduce((sum, value, i) => sum + value * tril[i * d + j], 0));
      const dot = (p: Float32Array, q: Float32Array) => p.reduce((sum, value, k) => sum + value * q[k], 0);
      const [p, q] = [turned(u), turned(v)];
      return [dot(p, p), dot(p, q), dot(q, q)];
    }
    const sum = (p: Float32Array, q: Float32Array) => p.reduce((total, value, k) => total + value * q[k] * scale[k] ** 2, 0);
    return [sum(u, u), sum(u, v), sum(v, v)];
  }
}
