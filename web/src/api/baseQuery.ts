// Every call to the server: cookies, CSRF header, one refresh shared by all calls that meet a 401, envelopes taken off.
import { nanoid } from "@reduxjs/toolkit";
import { type BaseQueryFn, type FetchArgs, fetchBaseQuery } from "@reduxjs/toolkit/query";
import { awaitTexts } from "../i18n";
import type { ApiError } from "./errors";
import { type Entry, entryAdded, queued, type Waiting, waiting } from "./outbox/entries";
import { readCsrfCookie, sessionEnded, signedIn } from "./session";

/** Answers that app/early.js has asked for; each serves the first who wants it. */
const early = (globalThis as { early?: Map<string, Promise<Response>> }).early;

function take(request: RequestInfo): Promise<Response> | undefined {
  if (!(request instanceof Request) || request.method !== "GET") return undefined;
  const { pathname, search } = new URL(request.url);
  const answer = early?.get(pathname + search);
  early?.delete(pathname + search);
  return answer;
}

const raw = fetchBaseQuery({
  baseUrl: globalThis.location?.origin,
  fetchFn: (request, options) => take(request as RequestInfo) ?? fetch(request, options),
  credentials: "same-origin",
  prepareHeaders: (headers, { arg }) => {
    headers.set("Accept", "application/json");
    const method = typeof arg === "string" ? "GET" : (arg.method ?? "GET");
    const token = readCsrfCookie();
    if (token && method !== "GET") headers.set("X-CSRF-Token", decodeURIComponent(token));
    return headers;
  },
});

type Root = { outbox: Entry[] };
type Call = Parameters<BaseQueryFn<string | FetchArgs, unknown, ApiError>>;

/** Sign-in calls say 401 about what was typed, not about the session. */
const aboutCredentials = /\/(users\/(login(\/second-factor)?|register|logout|token\/refresh)|auth\/passkeys\/finish)$/;

let refreshing: Promise<boolean> | undefined;

function refresh(api: Call[1]): Promise<boolean> {
  const own = { ...api, signal: new AbortController().signal };
  refreshing ??= (async () => {
    const answer = await raw({ url: "/api/v1/users/token/refresh", method: "POST", body: {} }, own, {});
    return !answer.error;
  })().finally(() => {
    refreshing = undefined;
  });
  return refreshing;
}

export const baseQuery: BaseQueryFn<string | FetchArgs, unknown, ApiError> = async (args, api, extra) => {
  const url = typeof args === "string" ? args : args.url;
  const mayWait = (extra as { waited?: true } | undefined)?.waited ? undefined : waiting(args);
  // Acts on one thing keep their order: a later one does not overtake one that waits.
  if (mayWait && (api.getState() as Root).outbox.some(({ thing }) => thing === mayWait.thing))
    return wait(mayWait, api);
  let answer = await raw(args, api, extra);
  if (answer.error?.status === 401 && !aboutCredentials.test(url)) {
    if (readCsrfCookie() && (await refresh(api))) answer = await raw(args, api, extra);
    if (answer.error?.status === 401) api.dispatch(sessionEnded());
  }
  if (mayWait && answer.error?.status === "FETCH_ERROR") return wait(mayWait, api);
  if (answer.error) {
    await awaitTexts("errors");
    return { error: toApiError(answer.error, answer.meta?.response) };
  }
  if (url.endsWith("/users/me")) api.dispatch(signedIn());
  return { data: unwrap(answer.data) };
};

/** Puts an act by until there is a connection. */
function wait(act: Waiting, { dispatch }: Call[1]): { error: ApiError } {
  dispatch(entryAdded({ ...act, account: "", id: nanoid(8), at: Date.now() }));
  return { error: { status: 0, code: queued, message: "", fields: {} } };
}

/** `data` of an answer; of a list, `data` with its pagination, and whether it is older than usual. */
export function unwrap(body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("data" in body)) return body;
  if (!("pagination" in body)) return body.data;
  const { stale } = (body as { meta?: { stale?: boolean } }).meta ?? {};
  return { data: body.data, pagination: body.pagination, ...(stale ? { stale } : {}) };
}

type RawError = NonNullable<Awaited<ReturnType<typeof raw>>["error"]>;

export function toApiError(error: RawError, response?: Response): ApiError {
  const status = typeof error.status === "number" ? error.status : (response?.status ?? 0);
  const body = error.data as {
    error?: {
      code?: string;
      message?: string;
      details?: Pick<Partial<ApiError>, "fields" | "rules"> & Record<string, unknown>;
    };
  };
  const said = typeof body === "object" ? body?.error : undefined;
  const { fields = {}, rules, ...details } = said?.details ?? {};
  const retryAfter = Number(response?.headers.get("Retry-After") ?? Number.NaN);
  return {
    status,
    code: said?.code ?? (status ? `HTTP_${status}` : "OFFLINE"),
    message: said?.message ?? "",
    fields,
    ...(rules ? { rules } : {}),
    ...(Object.keys(details).length > 0 ? { details } : {}),
    ...(retryAfter > 0 ? { retryAfter: Math.ceil(retryAfter) } : {}),
  };
}
