import type { WordsRate } from "../schema";

/** A place on a rate–distortion curve, in nats per image. */
export type RatePlace = [rate: number, distortion: number];

/** Where a model of discrete codes stands: under uniform words and, where it has one, under its learned prior. */
export const placesOf = ({ rate, learned, distortion }: WordsRate): RatePlace[] => [[rate, distortion], ...(learned === null || learned === undefined ? [] : [[learned, distortion] as RatePlace])];

/** A place of `placesOf` in words. */
export function rateTitle({ title }: WordsRate, [rate, distortion]: RatePlace, learned: boolean): string {
  return `${title}: ${rate.toFixed(1)} nats${learned ? " under its learned prior" : ""}, distortion ${distortion.toFixed(1)}`;
}

export const SQUARES = "Squares: models of discrete codes, under uniform words and, filled, under a learned prior.";
