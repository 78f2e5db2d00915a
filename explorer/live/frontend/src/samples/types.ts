export type { Estimate, Judged, Measure, NoiseKind, Report, SampledModel, SamplesData, SamplesState, SamplesTab as Tab, Span } from "../schema";

export const NOISES = ["none", "gaussian", "masking", "salt-and-pepper"] as const;
