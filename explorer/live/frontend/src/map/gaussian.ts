/** The contour ellipse of a 2-D Gaussian. */
import type { Gaussian } from "./types";

/** Semi-axes of the 1 σ contour, and the angle of the longer one from the x axis, counter-clockwise. */
export interface EllipseAxes {
  readonly major: number;
  readonly minor: number;
  readonly angle: number;
}

/** From the closed-form eigen-decomposition of the covariance [[xx, xy], [xy, yy]]. */
export function ellipseAxes(g: Pick<Gaussian, "xx" | "xy" | "yy">): EllipseAxes {
  const mean = (g.xx + g.yy) / 2;
  const spread = Math.hypot((g.xx - g.yy) / 2, g.xy);
  return {
    major: Math.sqrt(Math.max(0, mean + spread)),
    minor: Math.sqrt(Math.max(0, mean - spread)),
    angle: spread === 0 ? 0 : Math.atan2(g.xy, (g.xx - g.yy) / 2) / 2,
  };
}
