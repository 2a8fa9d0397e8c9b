// Sends the files of the draft: two at a time, each to where and how the server says, with progress.

import { api } from "../../api";
import { type ApiError, explain, friendly } from "../../api/errors";
import type { Upload } from "../../api/types";
import type { Store } from "../../app/store";
import { t } from "../../i18n";
import { mostAtOnce, pictureChanged, pictureRemoved, picturesAdded } from "./draft";
import { sendEdit, showEdited } from "./edits";
import { dropFile, fileOf, keepFile } from "./files";
import { typeOf, whyNot } from "./kinds";

export { acceptedTypes, largestFile, typeOf, whyNot } from "./kinds";

const running = new Map<string, AbortController>();
const atOnce = 2;

type Dispatch = Store["dispatch"];
type GetState = Store["getState"];

/** Adds files to the draft and starts sending them; returns how many found no room. */
export function addFiles(chosen: Iterable<File>) {
  return (dispatch: Dispatch, getState: GetState): number => {
    const all = [...chosen];
    const room = mostAtOnce - getState().compose.pictures.length;
    const before = new Set(getState().compose.pictures.map(({ id }) => id));
    dispatch(picturesAdded(all.slice(0, room).map(({ name, size }) => ({ name, size }))));
    const added = getState().compose.pictures.filter(({ id }) => !before.has(id));
    added.forEach(({ id }, index) => {
      const file = all[index] as File;
      keepFile(id, file);
      void dispatch(showEdited(id));
      const problem = whyNot(file);
      if (problem) dispatch(pictureChanged({ id, state: "rejected", problem }));
    });
    dispatch(sendNext());
    return Math.max(0, all.length - room);
  };
}

export function sendNext() {
  return (dispatch: Dispatch, getState: GetState) => {
    for (const { id } of getState().compose.pictures.filter(({ state }) => state === "queued")) {
      if (running.size >= atOnce) return;
      void dispatch(send(id));
    }
  };
}

function send(id: string) {
  return async (dispatch: Dispatch) => {
    const file = fileOf(id);
    if (!file) return;
    const stop = new AbortController();
    running.set(id, stop);
    dispatch(pictureChanged({ id, state: "uploading", progress: 0, problem: undefined, sentEdit: undefined }));
    try {
      const { media_id, upload } = await dispatch(
        api.endpoints.createUploadUrl.initiate({
          body: { kind: "IMAGE", content_type: typeOf(file), size: file.size, filename: file.name },
        }),
      ).unwrap();
      await transfer(file, upload, stop.signal, (progress) => dispatch(pictureChanged({ id, progress })));
      await dispatch(api.endpoints.completeUpload.initiate({ mediaId: media_id })).unwrap();
      dispatch(pictureChanged({ id, state: "uploaded", progress: 1, mediaId: media_id }));
      void dispatch(sendEdit(id));
      void dispatch(watch(id, media_id));
    } catch (error) {
      if (!stop.signal.aborted) dispatch(pictureChanged({ id, state: "failed", problem: friendly(error) }));
    } finally {
      running.delete(id);
      dispatch(sendNext());
    }
  };
}

/** A file that arrived may still turn out to be no picture: says so while the draft is open. */
export function watch(id: string, mediaId: string) {
  return async (dispatch: Dispatch, getState: GetState) => {
    const request = dispatch(
      api.endpoints.waitForMedia.initiate({ mediaId, seconds: 25 }, { subscribe: false, forceRefetch: true }),
    );
    const { data } = await request;
    const known = getState().compose.pictures.find((picture) => picture.id === id);
    if (data?.status === "ready" && known && !known.preview && data.urls.large) {
      dispatch(pictureChanged({ id, preview: data.urls.large, width: data.width ?? 0, height: data.height ?? 0 }));
    }
    if (data?.status === "rejected") {
      dispatch(
        pictureChanged({
          id,
          state: "rejected",
          problem: data.rejection ? explain(data.rejection) : t("compose:noPhoto"),
        }),
      );
    }
  };
}

export function retry(id: string) {
  return (dispatch: Dispatch, getState: GetState) => {
    const arrived = getState().compose.pictures.find((picture) => picture.id === id)?.mediaId;
    dispatch(pictureChanged({ id, state: arrived ? "uploaded" : "queued", progress: 0, problem: undefined }));
    if (arrived) void dispatch(sendEdit(id));
    dispatch(sendNext());
  };
}

export function remove(id: string) {
  return (dispatch: Dispatch, getState: GetState) => {
    const picture = getState().compose.pictures.find((candidate) => candidate.id === id);
    running.get(id)?.abort();
    dropFile(id);
    if (picture?.preview) URL.revokeObjectURL(picture.preview);
    dispatch(pictureRemoved(id));
  };
}

/** Lets go of the files once they are shared; their previews stay for the feed. */
export function forgetFiles() {
  for (const stop of running.values()) stop.abort();
  dropFile();
}

/** One file to where the ticket says: a form with its fields first, or the bare bytes with its headers. */
export function transfer(
  file: File,
  upload: Upload["upload"],
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const offline: ApiError = { status: 0, code: "OFFLINE", message: "", fields: {} };
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      if (lengthComputable) onProgress(loaded / total);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(refusal(request));
    };
    request.onerror = () => reject(offline);
    request.ontimeout = () => reject(offline);
    request.onabort = () => reject(offline);
    signal.addEventListener("abort", () => request.abort());
    request.open(upload.method === "PUT" ? "PUT" : "POST", upload.url);
    for (const [name, value] of Object.entries(upload.headers ?? {})) request.setRequestHeader(name, value);
    request.send(upload.method === "PUT" ? file : form(file, upload.fields ?? {}));
  });
}

function form(file: File, fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append("file", file, file.name);
  return data;
}

function refusal(request: XMLHttpRequest): ApiError {
  const retryAfter = Number(request.getResponseHeader("Retry-After") ?? Number.NaN);
  let said: { code?: string; message?: string } = {};
  try {
    said = JSON.parse(request.responseText).error ?? {};
  } catch {
    // A store of another kind answers in its own way.
  }
  return {
    status: request.status,
    code: said.code ?? `HTTP_${request.status}`,
    message: said.message ?? "",
    fields: {},
    ...(retryAfter > 0 ? { retryAfter } : {}),
  };
}
