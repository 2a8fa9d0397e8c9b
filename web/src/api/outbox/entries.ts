// Acts that wait for a connection: which may, about what they are, and how the newest one stands for those before it.
import { createSlice, type PayloadAction } from "@reduxjs/toolkit";
import type { FetchArgs } from "@reduxjs/toolkit/query";

export type Entry = {
  id: string;
  /** Whose act it is, filled in as it is added: it is never sent for another account. */
  account: string;
  method: string;
  url: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** What the act is about; acts on one thing keep their order. */
  thing: string;
  at: number;
};

export type Waiting = Pick<Entry, "method" | "url" | "body" | "headers" | "thing">;

/** The error of a call that will be sent later: what it showed stays. */
export const queued = "QUEUED";

const states = /^\/api\/v1\/(posts\/\d+\/(?:like|save)|comments\/\d+\/like|users\/[^/]+\/follow)$/;
const comments = /^\/api\/v1\/posts\/\d+\/comments$/;

/** The call as it can wait, or undefined for one that cannot. */
export function waiting(args: string | FetchArgs): Waiting | undefined {
  if (typeof args === "string" || (args.method !== "POST" && args.method !== "DELETE")) return undefined;
  const { method, url, body } = args;
  const headers = args.headers as Record<string, string> | undefined;
  if (states.test(url)) return { method, url, body, thing: url };
  // Without a key, sending it again might make it twice.
  if (method === "POST" && comments.test(url) && headers?.["Idempotency-Key"])
    return { method, url, body, headers: { "Idempotency-Key": headers["Idempotency-Key"] }, thing: url };
  return undefined;
}

const outbox = createSlice({
  name: "outbox",
  initialState: [] as Entry[],
  reducers: {
    entriesLoaded: (entries, { payload }: PayloadAction<Entry[]>) => [...payload, ...entries],
    entryAdded: (entries, { payload }: PayloadAction<Entry>) => {
      // Liked, unliked and liked again is liked: the last word counts, in the place of the one before.
      const replaced = states.test(payload.thing) ? entries.filter(({ thing }) => thing !== payload.thing) : entries;
      return [...replaced, payload];
    },
    entryDone: (entries, { payload }: PayloadAction<string>) => entries.filter(({ id }) => id !== payload),
    outboxCleared: () => [],
  },
});

export const { entriesLoaded, entryAdded, entryDone, outboxCleared } = outbox.actions;
export const outboxReducer = outbox.reducer;
