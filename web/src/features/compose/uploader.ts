// Sends the files of the draft: two at a time, each to where and how the server says, with progress.

import { api } from "../../api";
import { explain, friendly, isApiError } from "../../api/errors";
import type { Store } from "../../app/store";
import { t } from "../../i18n";
import { mostAtOnce, pictureChanged, pictureRemoved, picturesAdded } from "./draft";
import { sendEdit, showEdited } from "./edits";
import { dropFile, fileOf, keepFile } from "./files";
import { isFilm, typeOf, whyNot } from "./kinds";
import { transfer, transferParts } from "./sending";

export { acceptedTypes, largestFile, typeOf, whyNot } from "./kinds";
export { transfer } from "./sending";

const running = new Map<string, AbortController>();
const atOnce = 2;
const waits = 4;

type Dispatch = Store["dispatch"];
type GetState = Store["getState"];

/** Adds files to the draft and starts sending them; returns how many found no room. */
export function addFiles(chosen: Iterable<File>) {
  return (dispatch: Dispatch, getState: GetState): number => {
    const all = [...chosen].filter((file) => !dispatch(pickedAgain(file)));
    const room = mostAtOnce - getState().compose.pictures.length;
    const before = new Set(getState().compose.pictures.map(({ id }) => id));
    dispatch(picturesAdded(all.slice(0, room).map(described)));
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

const described = (file: File) => ({
  name: file.name,
  size: file.size,
  ...(isFilm(file) ? { kind: "VIDEO" as const } : {}),
});

/** A file that this device could not keep over a reload: its upload goes on when it is chosen again. */
function pickedAgain(file: File) {
  return (dispatch: Dispatch, getState: GetState): boolean => {
    const waits = getState().compose.pictures.find(
      ({ id, name, size, ticket }) => ticket && !fileOf(id) && name === file.name && size === file.size,
    );
    if (!waits) return false;
    keepFile(waits.id, file);
    void dispatch(showEdited(waits.id));
    dispatch(pictureChanged({ id: waits.id, state: "queued", problem: undefined }));
    return true;
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
      const media_id = (await dispatch(goOn(id, file, stop.signal))) ?? (await dispatch(begin(id, file, stop.signal)));
      await dispatch(api.endpoints.completeUpload.initiate({ mediaId: media_id })).unwrap();
      dispatch(pictureChanged({ id, state: "uploaded", progress: 1, mediaId: media_id, ticket: undefined }));
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

function begin(id: string, file: File, signal: AbortSignal) {
  return async (dispatch: Dispatch): Promise<string> => {
    const { media_id, upload } = await dispatch(
      api.endpoints.createUploadUrl.initiate({
        body: {
          kind: isFilm(file) ? "VIDEO" : "IMAGE",
          content_type: typeOf(file),
          size: file.size,
          filename: file.name,
        },
      }),
    ).unwrap();
    const onProgress = (progress: number) => dispatch(pictureChanged({ id, progress }));
    if (upload.method === "MULTIPART") {
      dispatch(pictureChanged({ id, ticket: media_id }));
      await transferParts(file, upload.part_size ?? file.size, upload.parts ?? [], signal, onProgress);
    } else await transfer(file, upload, signal, onProgress);
    return media_id;
  };
}

/** Goes on with an upload in parts that was begun before; nothing where there is none, or it has run out. */
function goOn(id: string, file: File, signal: AbortSignal) {
  return async (dispatch: Dispatch, getState: GetState): Promise<string | undefined> => {
    const ticket = getState().compose.pictures.find((picture) => picture.id === id)?.ticket;
    if (!ticket) return undefined;
    const { data, error } = await dispatch(
      api.endpoints.getUploadParts.initiate({ mediaId: ticket }, { subscribe: false, forceRefetch: true }),
    );
    if (!data) {
      if (isApiError(error) && error.code === "UPLOAD_CLOSED") return ticket;
      if (isApiError(error) && error.status !== 404) throw error;
      return undefined;
    }
    const missing = data.parts.filter(({ arrived }) => !arrived);
    await transferParts(file, data.part_size, missing, signal, (progress) =>
      dispatch(pictureChanged({ id, progress })),
    );
    return ticket;
  };
}

/** A file that arrived may still turn out to be no picture: says so while the draft is open. */
export function watch(id: string, mediaId: string) {
  return async (dispatch: Dispatch, getState: GetState) => {
    const wait = () =>
      dispatch(api.endpoints.waitForMedia.initiate({ mediaId, seconds: 25 }, { subscribe: false, forceRefetch: true }));
    let { data } = await wait();
    // A busy server takes longer than one answer waits.
    for (let n = 1; n < waits && data && data.status !== "ready" && data.status !== "rejected"; n++) {
      ({ data } = await wait());
    }
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
