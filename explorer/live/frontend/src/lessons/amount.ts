/** A positive number with three digits that count, without an exponent. */
export function amount(value: number): string {
  if (!(value > 0)) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(value) + 1e-9));
  const text = value.toFixed(Math.min(20, digits));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
