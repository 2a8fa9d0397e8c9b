// The six reactions, in the order in which they are offered.
import type { Reaction } from "../../api/types";

export const reactions: Reaction[] = ["LIKE", "LOVE", "HAHA", "WOW", "SAD", "ANGRY"];

/** The kinds that were used most, at most three of them. */
export function mostUsed(counts: { [kind: string]: number } | null): Reaction[] {
  const used = reactions.filter((kind) => (counts?.[kind] ?? 0) > 0);
  return used.sort((one, other) => (counts?.[other] ?? 0) - (counts?.[one] ?? 0)).slice(0, 3);
}
