// Light, dark or as the system says; kept on this device, and with the account for other devices.
import { read, write } from "./stored";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];
const key = "theme";

export function isTheme(value: unknown): value is Theme {
  return themes.includes(value as Theme);
}

export function storedTheme(): Theme | undefined {
  const stored = read(key);
  return isTheme(stored) ? stored : undefined;
}

export function applyTheme(theme: Theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  write(key, theme);
}

export function shortcutsOn(): boolean {
  return read("shortcuts") !== "off";
}

export function setShortcuts(on: boolean) {
  write("shortcuts", on ? "on" : "off");
}
