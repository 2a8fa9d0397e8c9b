// Times as people say them.
import { t } from "../i18n";
import { language } from "../i18n/languages";

const steps = [
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** "3h" beside a name, "3 hours ago" where there is room; a date when it is more than eight weeks back. */
export function ago(time: string, now = new Date(), long = false): string {
  const then = new Date(time);
  const seconds = Math.max(0, (now.getTime() - then.getTime()) / 1000);
  if (seconds < 60) return t(long ? "justNow" : "now");
  if (seconds > 8 * 604_800) {
    const sameYear = then.getFullYear() === now.getFullYear();
    return then.toLocaleDateString(language(), {
      day: "numeric",
      month: "short",
      ...(sameYear ? {} : { year: "numeric" }),
    });
  }
  for (const [unit, length] of steps) {
    const count = Math.floor(seconds / length);
    if (count >= 1) return long ? inWords(-count, unit) : t(`brief.${unit}`, { count });
  }
  return t("now");
}

function inWords(count: number, unit: Intl.RelativeTimeFormatUnit): string {
  return new Intl.RelativeTimeFormat(language(), { numeric: "auto" }).format(count, unit);
}

export function exactTime(time: string): string {
  return new Date(time).toLocaleString(language(), { dateStyle: "long", timeStyle: "short" });
}

export function onDay(time: string): string {
  return new Date(time).toLocaleDateString(language(), { dateStyle: "long" });
}
