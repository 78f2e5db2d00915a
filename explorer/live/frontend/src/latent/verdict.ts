/** What is far out among test images, and what is beyond them. */
const UNUSUAL = 0.95;
const UNKNOWN = 0.999;

export type Verdict = "familiar" | "unusual" | "unknown";

/** From the shares of test images with less distortion and with less rate (NaN where there is none). */
export function judge(distortionShare: number, rateShare: number): Verdict {
  const most = Math.max(distortionShare || 0, rateShare || 0);
  return most >= UNKNOWN ? "unknown" : most >= UNUSUAL ? "unusual" : "familiar";
}
