// The post being written: its pictures with how far each upload is, its words. It outlives the dialog, not the visit.

import { createSlice, nanoid, type PayloadAction } from "@reduxjs/toolkit";
import { t } from "../../i18n";

export type DraftPicture = {
  id: string;
  name: string;
  size: number;
  /** An object URL, where this browser can show the file. */
  preview?: string;
  width?: number;
  height?: number;
  alt: string;
  state: "queued" | "uploading" | "uploaded" | "failed" | "rejected";
  /** 0 to 1. */
  progress: number;
  mediaId?: string;
  problem?: string;
};

export type Draft = { pictures: DraftPicture[]; caption: string };

export const mostPictures = 10;
export const longestCaption = 2200;
const empty: Draft = { pictures: [], caption: "" };

const compose = createSlice({
  name: "compose",
  initialState: empty,
  reducers: {
    picturesAdded: {
      prepare: (files: { id?: string; name: string; size: number }[]) => ({
        payload: files.map((file) => ({ id: nanoid(8), alt: "", state: "queued" as const, progress: 0, ...file })),
      }),
      reducer: (draft, { payload }: PayloadAction<DraftPicture[]>) => {
        draft.pictures.push(...payload.slice(0, mostPictures - draft.pictures.length));
      },
    },
    pictureChanged: (draft, { payload }: PayloadAction<{ id: string } & Partial<DraftPicture>>) => {
      const picture = draft.pictures.find(({ id }) => id === payload.id);
      if (picture) Object.assign(picture, payload);
    },
    pictureMoved: (draft, { payload: { id, to } }: PayloadAction<{ id: string; to: number }>) => {
      const from = draft.pictures.findIndex((picture) => picture.id === id);
      if (from < 0 || to < 0 || to >= draft.pictures.length) return;
      const [picture] = draft.pictures.splice(from, 1);
      if (picture) draft.pictures.splice(to, 0, picture);
    },
    pictureRemoved: (draft, { payload }: PayloadAction<string>) => {
      draft.pictures = draft.pictures.filter(({ id }) => id !== payload);
    },
    captionChanged: (draft, { payload }: PayloadAction<string>) => {
      draft.caption = payload;
    },
    draftCleared: () => empty,
  },
});

export const { picturesAdded, pictureChanged, pictureMoved, pictureRemoved, captionChanged, draftCleared } =
  compose.actions;
export const composeReducer = compose.reducer;

/** What stands between the draft and being shared; undefined when nothing does. */
export function obstacle({ pictures, caption }: Draft): string | undefined {
  if (pictures.some(({ state }) => state === "failed" || state === "rejected")) return t("compose:inTheWay.failed");
  if (pictures.some(({ state }) => state !== "uploaded")) return t("compose:inTheWay.sending");
  if (pictures.length === 0 && caption.trim() === "") return t("compose:inTheWay.empty");
  if ([...caption].length > longestCaption) return t("compose:inTheWay.long");
  return undefined;
}

export function isEmpty({ pictures, caption }: Draft): boolean {
  return pictures.length === 0 && caption === "";
}

/** The draft as the body of `createPost`. */
export function asPost({ pictures, caption }: Draft) {
  const words = caption.trim();
  return {
    type: pictures.length ? ("IMAGE" as const) : ("TEXT" as const),
    ...(words ? { caption: words } : {}),
    ...(pictures.length
      ? {
          media: pictures.flatMap(({ mediaId, alt }) =>
            mediaId ? [{ media_id: mediaId, ...(alt.trim() ? { alt_text: alt.trim() } : {}) }] : [],
          ),
        }
      : {}),
  };
}
