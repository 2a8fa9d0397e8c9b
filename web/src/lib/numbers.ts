const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const plain = new Intl.NumberFormat("en");

/** 9,999 in full, 12.3K beyond. */
export function short(count: number): string {
  return count < 10_000 ? plain.format(count) : compact.format(count);
}

/** "1 like", "12.3K likes". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${short(count)} ${count === 1 ? one : many}`;
}
