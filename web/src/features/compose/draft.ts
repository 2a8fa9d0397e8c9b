// The post being written: its pictures with how far each upload is, its words. It outlives the dialog, not the visit.

import { createSlice, nanoid, type PayloadAction } from "@reduxjs/toolkit";
import { t } from "../../i18n";
import { changedDetails, type Details, noDetails, type Tag } from "../details/details";
import { type Edit, sameEdit } from "../edit/edit";

export type DraftPicture = {
  id: string;
  name: string;
  size: number;
  /** Absent: a picture. */
  kind?: "VIDEO";
  /** The upload in parts that has begun, to go on with. */
  ticket?: string;
  /** An object URL of the picture as it is edited, where this browser can show the file. */
  preview?: string;
  edit?: Edit;
  /** The edit that the server knows of. */
  sentEdit?: Edit;
  /** The edit that the preview shows. */
  shownEdit?: Edit;
  width?: number;
  height?: number;
  alt: string;
  state: "queued" | "uploading" | "uploaded" | "failed" | "rejected";
  /** 0 to 1. */
  progress: number;
  mediaId?: string;
  problem?: string;
};

/** Somebody in a picture of the draft, wherever that stands. */
export type DraftTag = Omit<Tag, "n"> & { picture: string };

export type Draft = {
  pictures: DraftPicture[];
  caption: string;
  /** Place and choices; without them a post has what posts have by default. */
  details?: Omit<Details, "tagged">;
  tags?: DraftTag[];
};

export const mostPictures = 10;
/** More than fit in one post become several. */
export const mostAtOnce = 100;
export const longestCaption = 2200;
const empty: Draft = { pictures: [], caption: "" };

const compose = createSlice({
  name: "compose",
  initialState: empty,
  reducers: {
    picturesAdded: {
      prepare: (files: { id?: string; name: string; size: number; kind?: "VIDEO" }[]) => ({
        payload: files.map((file) => ({ id: nanoid(8), alt: "", state: "queued" as const, progress: 0, ...file })),
      }),
      reducer: (draft, { payload }: PayloadAction<DraftPicture[]>) => {
        draft.pictures.push(...payload.slice(0, mostAtOnce - draft.pictures.length));
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
    detailsChanged: (draft, { payload: { tagged, ...some } }: PayloadAction<Partial<Details>>) => {
      draft.details = { ...noDetails, ...draft.details, ...some };
      if (tagged) {
        draft.tags = tagged.flatMap(({ n, ...tag }) => {
          const picture = draft.pictures[n - 1]?.id;
          return picture ? [{ ...tag, picture }] : [];
        });
      }
    },
    /** What was kept on this device, or what of a draft is left. */
    draftRestored: (_, { payload }: PayloadAction<Draft>) => payload,
    draftCleared: () => empty,
  },
});

export const {
  picturesAdded,
  pictureChanged,
  pictureMoved,
  pictureRemoved,
  captionChanged,
  detailsChanged,
  draftRestored,
  draftCleared,
} = compose.actions;
export const composeReducer = compose.reducer;

/** What stands between the draft and being shared; undefined when nothing does. */
export function obstacle({ pictures, caption }: Draft): string | undefined {
  if (pictures.some(({ state }) => state === "failed" || state === "rejected")) return t("compose:inTheWay.failed");
  if (
    pictures.some(
      ({ state, edit, sentEdit, shownEdit }) =>
        state !== "uploaded" || !sameEdit(edit, sentEdit) || !sameEdit(edit, shownEdit),
    )
  )
    return t("compose:inTheWay.sending");
  if (pictures.length === 0 && caption.trim() === "") return t("compose:inTheWay.empty");
  if ([...caption].length > longestCaption) return t("compose:inTheWay.long");
  return undefined;
}

export function isEmpty({ pictures, caption }: Draft): boolean {
  return pictures.length === 0 && caption === "";
}

export const draftDetails = ({ details, tags = [], pictures }: Draft): Details => ({
  ...noDetails,
  ...details,
  tagged: tags.flatMap(({ picture, ...tag }) => {
    const index = pictures.findIndex(({ id }) => id === picture);
    return index < 0 ? [] : [{ ...tag, n: index + 1 }];
  }),
});

/** One draft a post: a video, or up to ten pictures that follow each other, each with the same words. */
export function parts(draft: Draft): Draft[] {
  const groups: DraftPicture[][] = [];
  for (const picture of draft.pictures) {
    const last = groups.at(-1);
    const fits = last && !picture.kind && !last[0]?.kind && last.length < mostPictures;
    if (fits) last.push(picture);
    else groups.push([picture]);
  }
  return groups.length ? groups.map((pictures) => ({ ...draft, pictures })) : [draft];
}

/** The draft as the body of `createPost`. */
export function asPost(draft: Draft) {
  const { pictures, caption } = draft;
  const words = caption.trim();
  return {
    type: pictures[0] ? (pictures[0].kind ?? ("IMAGE" as const)) : ("TEXT" as const),
    ...(words ? { caption: words } : {}),
    ...(pictures.length
      ? {
          media: pictures.flatMap(({ mediaId, alt }) =>
            mediaId ? [{ media_id: mediaId, ...(alt.trim() ? { alt_text: alt.trim() } : {}) }] : [],
          ),
        }
      : {}),
    ...changedDetails(noDetails, draftDetails(draft)),
  };
}
