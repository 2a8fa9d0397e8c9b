// Sends what waited, one after the other, as soon as there is a connection; what the server refuses is dropped, and said.
import type { Middleware } from "@reduxjs/toolkit";
import { t } from "../../i18n";
import { showToast } from "../../ui/toasts";
import type { Cache } from "../cache";
import { type ApiError, friendly } from "../errors";
import { listsApi } from "../lists";
import { signedOut } from "../session";
import { type Entry, entriesLoaded, entryAdded, entryDone, outboxCleared } from "./entries";
import { keep, kept } from "./kept";
import { show, showTruth, takeAnswer } from "./pending";

const again = 20_000;

const sendApi = listsApi.injectEndpoints({
  endpoints: (build) => ({
    sendEntry: build.mutation<unknown, Entry>({
      query: ({ method, url, body, headers }) => ({ method, url, body, headers }),
      extraOptions: { waited: true },
    }),
  }),
});

type Root = { outbox: Entry[] };

function account(getState: Cache["getState"]): string | undefined {
  return listsApi.endpoints.getUser.select({ userId: "me" })(getState()).data?.user_id;
}

/** Whether to try the next one at once. */
async function sendOne(cache: Cache, entry: Entry): Promise<boolean> {
  const { data, error } = await cache.dispatch(sendApi.endpoints.sendEntry.initiate(entry, { track: false }));
  const refusal = error as ApiError | undefined;
  if (!refusal) {
    cache.dispatch(entryDone(entry.id));
    takeAnswer(cache, entry, data);
    return true;
  }
  const final = refusal.status >= 400 && refusal.status < 500 && ![401, 408, 409, 429].includes(refusal.status);
  if (!final) return false;
  cache.dispatch(entryDone(entry.id));
  cache.dispatch(showToast({ text: t("common:outbox.dropped", { said: friendly(refusal) }), tone: "error" }));
  showTruth(cache, entry);
  return true;
}

let sending = false;
let timer: ReturnType<typeof setTimeout> | undefined;

export async function sendWaiting(cache: Cache) {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    for (;;) {
      const whose = account(cache.getState);
      if (!whose) return;
      const others = (cache.getState() as Root).outbox.filter((entry) => entry.account !== whose);
      for (const { id } of others) cache.dispatch(entryDone(id));
      const next = (cache.getState() as Root).outbox.find((entry) => entry.account === whose);
      if (!next) return;
      if (!navigator.onLine || !(await sendOne(cache, next))) {
        timer = setTimeout(() => void sendWaiting(cache), again);
        return;
      }
    }
  } finally {
    sending = false;
  }
}

/** Reads what waits on this device, and keeps it there. */
export async function startOutbox(cache: Cache) {
  window.addEventListener("online", () => void sendWaiting(cache));
  const entries = await kept().catch(() => []);
  if (entries.length) cache.dispatch(entriesLoaded(entries));
  await sendWaiting(cache);
}

const changes = [entryAdded, entryDone, outboxCleared];

export const outboxMiddleware: Middleware = (store) => (next) => (action) => {
  const whose = account(store.getState);
  const result = next(entryAdded.match(action) ? entryAdded({ ...action.payload, account: whose ?? "" }) : action);
  const cache = store as Cache;
  const { outbox } = store.getState() as Root;
  const { type } = action as { type: string };
  if (changes.some((one) => one.match(action))) void keep(outbox).catch(() => undefined);
  if (signedOut.match(action) && outbox.length) store.dispatch(outboxCleared());
  if (outbox.length && type.endsWith("/executeQuery/fulfilled")) {
    for (const entry of outbox) if (entry.account === whose) show(cache, entry);
    void sendWaiting(cache);
  }
  return result;
};
