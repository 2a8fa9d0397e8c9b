// Keeps one's place on each page: a new page starts at its top, one gone back to where it was left.
import { useLayoutEffect } from "react";
import type { Location } from "react-router";
import type { Under } from "./useUnder";

const places = new Map<string, number>();
if (typeof history !== "undefined") history.scrollRestoration = "manual";

/** Home keeps its place however one comes back to it, unless asked for its top. */
export function placeOf({ pathname, key, state }: Location<Under | null>): string {
  return pathname === "/" && !state?.top ? "/" : key;
}

export function usePlace(page: Location) {
  const place = placeOf(page);
  useLayoutEffect(() => {
    window.scrollTo(0, places.get(place) ?? 0);
    // What was focused went with the page before: go on from the start of this one.
    if (document.activeElement === document.body) document.getElementById("main")?.focus({ preventScroll: true });
    const keep = () => places.set(place, window.scrollY);
    window.addEventListener("scroll", keep, { passive: true });
    return () => window.removeEventListener("scroll", keep);
  }, [place]);
}
