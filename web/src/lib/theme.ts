// Light, dark or as the system says; kept on this device, and with the account for other devices.

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];
const key = "tintype.theme";

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
  return read("tintype.shortcuts") !== "off";
}

export function setShortcuts(on: boolean) {
  write("tintype.shortcuts", on ? "on" : "off");
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage may be off; the choice then lasts as long as the page.
  }
}
