// The last home feed, for reading without a connection. It is one account's, and never shown to another.
import { forgetStores, lastSeen } from "./stores";

export const me = "/api/v1/users/me";
const home = "/api/v1/feed/home";
const mostKept = 5;

/** Grows whenever all is forgotten: an answer to a question from before is then not kept. */
let generation = 0;

export function isKept({ pathname, searchParams }: URL): boolean {
  return pathname === me || (pathname === home && !searchParams.has("cursor"));
}

/** Whether this call begins or ends a session, or ends the account. */
export function endsSession(method: string, { pathname }: URL): boolean {
  if (method === "DELETE") return pathname === me;
  return /^\/api\/v1\/(?:users\/(?:login|logout|register|me\/(?:delete|deactivate))|auth\/(?:passkeys\/finish|oidc\/register))\b/.test(
    pathname,
  );
}

export async function forget(alsoShared: boolean) {
  generation += 1;
  await forgetStores(alsoShared);
}

/** The server's answer, or without a connection the last one. */
export async function keepOrRecall(request: Request): Promise<Response> {
  const asked = generation;
  let answer: Response;
  try {
    answer = await fetch(request);
  } catch (offline) {
    const last = await (await caches.open(lastSeen)).match(request.url);
    if (last) return last;
    throw offline;
  }
  if (answer.ok) await keep(request, answer.clone(), asked);
  return answer;
}

async function keep(request: Request, answer: Response, asked: number) {
  if (new URL(request.url).pathname === me && (await isAnother(request, answer.clone()))) {
    await forgetStores(false);
  }
  const store = await caches.open(lastSeen);
  if (asked !== generation) return;
  await store.put(request.url, answer);
  const kept = (await store.keys()).filter(({ url }) => new URL(url).pathname !== me);
  for (const old of kept.slice(0, Math.max(0, kept.length - mostKept))) await store.delete(old);
}

async function isAnother(request: Request, answer: Response): Promise<boolean> {
  const before = await (await caches.open(lastSeen)).match(request.url);
  return before !== undefined && (await idOf(before)) !== (await idOf(answer));
}

async function idOf(answer: Response): Promise<unknown> {
  return ((await answer.json()) as { data?: { user_id?: unknown } }).data?.user_id;
}
