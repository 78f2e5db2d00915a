/** How well a score tells the images of a class from all others. */
export interface Roc {
  /** Shares of the others and of the class that score at least each threshold, from the highest down; begins at 0, ends at 1. */
  falseShare: number[];
  trueShare: number[];
  /** Area under that curve: the chance that one of the class scores higher than one of the others, a tie counting half. */
  auc: number;
}

/** The curve of a score (N) for the images that are `positive`; null where there are none of them, or no others. */
export function roc(score: ArrayLike<number>, positive: (row: number) => boolean): Roc | null {
  const order = Array.from({ length: score.length }, (_, i) => i).sort((i, j) => score[j] - score[i]);
  const of = order.filter(positive).length;
  const others = order.length - of;
  if (!of || !others) return null;
  const [falseShare, trueShare] = [[0], [0]];
  let [hits, alarms, area] = [0, 0, 0];
  for (let at = 0; at < order.length; ) {
    const before = { hits, alarms };
    const value = score[order[at]];
    for (; at < order.length && score[order[at]] === value; at++) positive(order[at]) ? hits++ : alarms++;
    area += ((alarms - before.alarms) * (hits + before.hits)) / 2;
    falseShare.push(alarms / others);
    trueShare.push(hits / of);
  }
  return { falseShare, trueShare, auc: area / (of * others) };
}

/** Shares of the others and of the class that score at least `value`. */
export function sharesFrom(score: ArrayLike<number>, positive: (row: number) => boolean, value: number): [falseShare: number, trueShare: number] {
  const counts = { of: 0, others: 0, hits: 0, alarms: 0 };
  for (let row = 0; row < score.length; row++) {
    const beyond = Number(score[row] >= value);
    if (positive(row)) [counts.of, counts.hits] = [counts.of + 1, counts.hits + beyond];
    else [counts.others, counts.alarms] = [counts.others + 1, counts.alarms + beyond];
  }
  return [counts.alarms / counts.others, counts.hits / counts.of];
}
