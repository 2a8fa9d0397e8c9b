// Times as people say them.

const steps: [Intl.RelativeTimeFormatUnit, number, string][] = [
  ["week", 604_800, "w"],
  ["day", 86_400, "d"],
  ["hour", 3_600, "h"],
  ["minute", 60, "m"],
];
const inWords = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** "3h" beside a name, "3 hours ago" where there is room; a date when it is more than eight weeks back. */
export function ago(time: string, now = new Date(), long = false): string {
  const then = new Date(time);
  const seconds = Math.max(0, (now.getTime() - then.getTime()) / 1000);
  if (seconds < 60) return long ? "just now" : "now";
  if (seconds > 8 * 604_800) {
    const sameYear = then.getFullYear() === now.getFullYear();
    return then.toLocaleDateString("en", { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
  }
  for (const [unit, length, letter] of steps) {
    const count = Math.floor(seconds / length);
    if (count >= 1) return long ? inWords.format(-count, unit) : `${count}${letter}`;
  }
  return "now";
}

export function exactTime(time: string): string {
  return new Date(time).toLocaleString("en", { dateStyle: "long", timeStyle: "short" });
}
