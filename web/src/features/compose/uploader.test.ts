import { beforeEach, expect, test, vi } from "vitest";
import { answering, failure, media, signedInStore, success } from "../../test/answers";
import { addFiles, remove, retry, transfer, whyNot } from "./uploader";

type Sent = { method: string; url: string; headers: Record<string, string>; body: unknown };
let sent: Sent[];
let status: number;
let finish: (() => void)[];
let hold = false;

/** A request that keeps what it was given and answers with `status`. */
class FakeRequest {
  upload: { onprogress?: (event: object) => void } = {};
  onload?: () => void;
  onabort?: () => void;
  status = 0;
  responseText = "";
  #sent: Sent = { method: "", url: "", headers: {}, body: undefined };
  open(method: string, url: string) {
    Object.assign(this.#sent, { method, url });
  }
  setRequestHeader(name: string, value: string) {
    this.#sent.headers[name] = value;
  }
  getResponseHeader() {
    return null;
  }
  abort() {
    this.onabort?.();
  }
  send(body: unknown) {
    this.#sent.body = body;
    sent.push(this.#sent);
    this.upload.onprogress?.({ loaded: 1, total: 4, lengthComputable: true });
    const done = () => {
      this.status = status;
      this.onload?.();
    };
    if (hold) finish.push(done);
    else queueMicrotask(done);
  }
}

const photo = (name = "a.jpg") => new File(["12345678"], name, { type: "image/jpeg" });
const signal = () => new AbortController().signal;

beforeEach(() => {
  sent = [];
  finish = [];
  hold = false;
  status = 204;
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
  URL.createObjectURL = () => "blob:x";
  URL.revokeObjectURL = () => undefined;
  HTMLImageElement.prototype.decode = () => Promise.reject(new Error("no pictures here"));
});

function server() {
  let next = 0;
  return answering((call) => {
    if (call === "POST /media/upload-url") {
      next += 1;
      return success(
        { media_id: `${next}`, upload: { method: "POST", url: "/up", fields: { key: "k" } }, expires_at: "" },
        201,
      );
    }
    if (call.includes("/wait")) return success(media("1"));
    if (call.endsWith("/complete")) return success(media("1", { status: "uploaded" }), 202);
    return failure(404, "NOT_FOUND");
  });
}

test("a form carries its fields first and the file last", async () => {
  const progress = vi.fn();
  await transfer(photo(), { method: "POST", url: "/up", fields: { key: "k", policy: "p" } }, signal(), progress);
  const form = sent[0]?.body;
  expect(form instanceof FormData && [...form.keys()]).toEqual(["key", "policy", "file"]);
  expect(progress).toHaveBeenCalledWith(0.25);
});

test("a PUT carries the bare file with the headers it was told", async () => {
  const file = photo();
  await transfer(
    file,
    { method: "PUT", url: "/up", headers: { "Content-Type": "image/jpeg" } },
    signal(),
    () => undefined,
  );
  expect(sent[0]).toEqual({ method: "PUT", url: "/up", headers: { "Content-Type": "image/jpeg" }, body: file });
});

test("a refused upload says so", async () => {
  status = 413;
  const upload = transfer(photo(), { method: "PUT", url: "/up" }, signal(), () => undefined);
  await expect(upload).rejects.toMatchObject({ status: 413, code: "HTTP_413" });
});

test("files that cannot be used are told apart before they are sent", () => {
  expect(whyNot(photo())).toBeUndefined();
  expect(whyNot(new File(["x"], "a.heic", { type: "" }))).toBeUndefined();
  expect(whyNot(new File(["x"], "a.txt", { type: "text/plain" }))).toMatch(/kind of file/);
  expect(whyNot(new File([], "a.jpg", { type: "image/jpeg" }))).toMatch(/empty/);
});

test("twelve files are taken, two sent at once, all in the end uploaded", async () => {
  server();
  const store = signedInStore();
  hold = true;
  const left = store.dispatch(addFiles(Array.from({ length: 12 }, (_, index) => photo(`${index}.jpg`))));
  expect(left).toBe(0);
  await vi.waitFor(() => expect(finish).toHaveLength(2));
  hold = false;
  for (const done of finish) done();
  await vi.waitFor(() =>
    expect(store.getState().compose.pictures.every(({ state }) => state === "uploaded")).toBe(true),
  );
  expect(store.getState().compose.pictures).toHaveLength(12);
  expect(sent).toHaveLength(12);
});

test("an upload that failed stays with its problem and can be tried again", async () => {
  server();
  const store = signedInStore();
  const picture = () => store.getState().compose.pictures[0];
  status = 503;
  store.dispatch(addFiles([photo()]));
  await vi.waitFor(() => expect(picture()).toMatchObject({ state: "failed", problem: "Tintype is very busy." }));
  status = 204;
  store.dispatch(retry(picture()?.id ?? ""));
  await vi.waitFor(() => expect(picture()).toMatchObject({ state: "uploaded", mediaId: "2" }));
});

test("a removed picture stops being sent", async () => {
  server();
  const store = signedInStore();
  hold = true;
  store.dispatch(addFiles([photo()]));
  await vi.waitFor(() => expect(finish).toHaveLength(1));
  store.dispatch(remove(store.getState().compose.pictures[0]?.id ?? ""));
  expect(store.getState().compose.pictures).toEqual([]);
});
