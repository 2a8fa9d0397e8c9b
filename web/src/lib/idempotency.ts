// Keys for calls that create: the same for each try of one thing, another for another thing.
import { useState } from "react";

export function idempotencyKeys() {
  let last: { about: string; key: string } | undefined;
  return {
    for(body: unknown): string {
      const about = JSON.stringify(body);
      if (last?.about !== about) last = { about, key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` };
      return last.key;
    },
    /** The thing is made: saying it again makes another. */
    done() {
      last = undefined;
    },
  };
}

export function useIdempotencyKeys() {
  return useState(idempotencyKeys)[0];
}
