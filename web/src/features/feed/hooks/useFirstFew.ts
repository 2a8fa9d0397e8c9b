// The first cards of a start are drawn before the others, so that their pictures are the first to come.
import { startTransition, useEffect, useState } from "react";

const few = 2;
let started = false;

export function useFirstFew<Item>(all: Item[]): Item[] {
  const [isWhole, setWhole] = useState(started);
  const there = all.length > 0;
  useEffect(() => {
    if (!there) return;
    started = true;
    const frame = requestAnimationFrame(() => startTransition(() => setWhole(true)));
    return () => cancelAnimationFrame(frame);
  }, [there]);
  return isWhole ? all : all.slice(0, few);
}
