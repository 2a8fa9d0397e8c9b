import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { transferParts } from "./sending";

type Put = { url: string; size: number; digest: string | undefined };
let puts: Put[];
/** How each request ends, in turn; then all succeed. 0: the connection is lost. */
let statuses: number[];

class FakeRequest {
  upload: { onprogress?: (event: object) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  status = 0;
  responseText = "";
  #url = "";
  #digest: string | undefined;
  open(_method: string, url: string) {
    this.#url = url;
  }
  setRequestHeader(_name: string, value: string) {
    this.#digest = value;
  }
  getResponseHeader() {
    return null;
  }
  abort() {}
  send(body: Blob) {
    puts.push({ url: this.#url, size: body.size, digest: this.#digest });
    this.upload.onprogress?.({ loaded: body.size, total: body.size, lengthComputable: true });
    this.status = statuses.shift() ?? 200;
    queueMicrotask(() => (this.status === 0 ? this.onerror?.() : this.onload?.()));
  }
}

beforeEach(() => {
  puts = [];
  statuses = [];
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
  // This environment's own does not take the bytes of its blobs.
  vi.stubGlobal("crypto", { subtle: { digest: async () => new Uint8Array(32).buffer } });
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const film = new File([new Uint8Array(25)], "film.mp4");
const parts = [1, 2, 3].map((number) => ({ number, url: `/parts/${number}` }));
const alive = () => new AbortController().signal;

test("only what is missing is sent, with its checksum, and progress counts what was there", async () => {
  const seen: number[] = [];
  await transferParts(film, 10, parts.slice(1), alive(), (share) => seen.push(share));
  expect(puts.map(({ url, size }) => [url, size])).toEqual([
    ["/parts/2", 10],
    ["/parts/3", 5],
  ]);
  expect(puts[0]?.digest).toMatch(/^sha-256=:[A-Za-z0-9+/]{43}=:$/);
  expect(seen[0]).toBe(0.8);
  expect(seen.at(-1)).toBe(1);
});

test("a lost connection is tried again, a refusal is not", async () => {
  statuses = [0, 503, 200];
  const done = transferParts(film, 10, parts.slice(0, 1), alive(), () => {});
  await vi.runAllTimersAsync();
  await done;
  expect(puts).toHaveLength(3);
  statuses = [422];
  await expect(transferParts(film, 10, parts.slice(0, 1), alive(), () => {})).rejects.toMatchObject({ status: 422 });
  expect(puts).toHaveLength(4);
});

test("after five losses it is given up", async () => {
  statuses = [0, 0, 0, 0, 0];
  const given = expect(transferParts(film, 10, parts, alive(), () => {})).rejects.toMatchObject({ code: "OFFLINE" });
  await vi.runAllTimersAsync();
  await given;
  expect(puts).toHaveLength(5);
});
