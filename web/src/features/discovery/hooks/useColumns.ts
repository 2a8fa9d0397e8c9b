// How many columns fit the window.
import { useSyncExternalStore } from "react";

const widths = ["(min-width: 640px)", "(min-width: 1264px)"].map((width) => window.matchMedia?.(width));

const subscribe = (changed: () => void) => {
  for (const width of widths) width?.addEventListener("change", changed);
  return () => {
    for (const width of widths) width?.removeEventListener("change", changed);
  };
};

export const useColumns = () =>
  useSyncExternalStore(subscribe, () => 2 + widths.filter((width) => width?.matches).length);
