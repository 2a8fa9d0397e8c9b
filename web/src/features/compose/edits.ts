// What is done to the draft's pictures: shown here at once, and told to the server when the file is there.
import { api } from "../../api";
import { friendly, isApiError } from "../../api/errors";
import type { Store } from "../../app/store";
import { type Edit, looks, noEdit, sameEdit } from "../edit/edit";
import { pictureChanged } from "./draft";
import { fileOf } from "./files";

type Dispatch = Store["dispatch"];
type GetState = Store["getState"];

const find = (getState: GetState, id: string) => getState().compose.pictures.find((picture) => picture.id === id);

/** The file, or where this browser cannot show it, what the server made of it. */
async function sourceOf(id: string, preview?: string): Promise<Blob | undefined> {
  const file = fileOf(id);
  if (!preview || preview.startsWith("blob:")) return file;
  return fetch(preview, { credentials: "same-origin" }).then((answer) => (answer.ok ? answer.blob() : file));
}

/** What the server made of a file that this browser cannot show, as long as the draft is open. */
const fetched = new Map<string, Blob>();

export function openSource(id: string) {
  return async (_dispatch: Dispatch, getState: GetState): Promise<Blob | undefined> => {
    const known = fetched.get(id);
    if (known) return known;
    const preview = find(getState, id)?.preview;
    const source = await sourceOf(id, preview).catch(() => fileOf(id));
    if (source && source !== fileOf(id)) fetched.set(id, source);
    return source;
  };
}

export function applyEdit(id: string, edit: Edit) {
  return async (dispatch: Dispatch) => {
    dispatch(pictureChanged({ id, edit }));
    await Promise.all([dispatch(showEdited(id)), dispatch(sendEdit(id))]);
  };
}

/** Gives all pictures the look of one, which has this edit; the others keep their own crop. */
export function applyToAll(id: string, edit: Edit) {
  return async (dispatch: Dispatch, getState: GetState) => {
    const pictures = getState().compose.pictures;
    for (const one of pictures) {
      dispatch(pictureChanged({ id: one.id, edit: one.id === id ? edit : { ...noEdit, ...one.edit, ...looks(edit) } }));
    }
    for (const one of pictures) await Promise.all([dispatch(showEdited(one.id)), dispatch(sendEdit(one.id))]);
  };
}

/** A preview of the picture as it is edited, where this browser can show it. */
export function showEdited(id: string) {
  return async (dispatch: Dispatch, getState: GetState) => {
    const picture = find(getState, id);
    const edit = picture?.edit ?? noEdit;
    const source = fetched.get(id) ?? fileOf(id);
    if (!source) return void dispatch(pictureChanged({ id, shownEdit: edit }));
    if (picture?.kind) return void dispatch(showFilm(id, source));
    const shown = await (sameEdit(edit, noEdit) ? asItIs(source) : edited(source, edit)).catch(() => undefined);
    const now = find(getState, id);
    if (!now || !sameEdit(now.edit, edit)) return;
    if (!shown) return void dispatch(pictureChanged({ id, shownEdit: edit }));
    // Whoever shows it may still be loading it.
    if (now.preview?.startsWith("blob:")) setTimeout(URL.revokeObjectURL, 10_000, now.preview);
    dispatch(pictureChanged({ id, ...shown, shownEdit: edit }));
  };
}

/** A picture out of a video, where this browser can play it. */
function showFilm(id: string, source: Blob) {
  return async (dispatch: Dispatch) => {
    const shown = await import("./films").then(({ still }) => still(source)).catch(() => undefined);
    if (shown) dispatch(pictureChanged({ id, ...shown }));
  };
}

async function asItIs(source: Blob) {
  const preview = URL.createObjectURL(source);
  const image = new Image();
  image.src = preview;
  try {
    await image.decode();
  } catch (problem) {
    URL.revokeObjectURL(preview);
    throw problem;
  }
  return { preview, width: image.naturalWidth, height: image.naturalHeight };
}

async function edited(source: Blob, edit: Edit) {
  const { openStudio } = await import("../edit/studio");
  const studio = await openStudio(source);
  try {
    const { file, width, height } = await studio.jpeg(edit, 1080);
    return { preview: URL.createObjectURL(file), width, height };
  } finally {
    studio.close();
  }
}

/** Tells the server how the picture is edited, as soon as it has the picture, until it knows the newest. */
export function sendEdit(id: string) {
  return async (dispatch: Dispatch, getState: GetState) => {
    if (sending.has(id)) return;
    sending.add(id);
    try {
      for (let picture = find(getState, id); picture?.mediaId; picture = find(getState, id)) {
        const { edit = noEdit, sentEdit, state, mediaId } = picture;
        if (state !== "uploaded" || sameEdit(edit, sentEdit)) return;
        await dispatch(api.endpoints.editMedia.initiate({ mediaId, body: edit })).unwrap();
        dispatch(pictureChanged({ id, sentEdit: edit }));
      }
    } catch (error) {
      const isGone = isApiError(error) && error.code === "MEDIA_NOT_FOUND";
      const again = isGone ? { mediaId: undefined } : {};
      dispatch(pictureChanged({ id, state: "failed", problem: friendly(error), ...again }));
    } finally {
      sending.delete(id);
    }
  };
}

const sending = new Set<string>();
