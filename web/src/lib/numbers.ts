// Numbers as the language in use writes them.
import { language } from "../i18n/languages";

const formats = new Map<string, Intl.NumberFormat>();

function format(kind: "standard" | "compact"): Intl.NumberFormat {
  const name = `${language()} ${kind}`;
  const found = formats.get(name) ?? new Intl.NumberFormat(language(), { notation: kind, maximumFractionDigits: 1 });
  formats.set(name, found);
  return found;
}

/** 9,999 in full, 12.3K beyond. */
export function short(count: number): string {
  return format(count < 10_000 ? "standard" : "compact").format(count);
}

/** "1 like", "12.3K likes". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${short(count)} ${count === 1 ? one : many}`;
}
