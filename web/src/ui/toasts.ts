// Short notes about what happened elsewhere, kept in the store so that any code can say one.
import { createSlice, nanoid, type PayloadAction } from "@reduxjs/toolkit";

export type Toast = {
  id: string;
  text: string;
  tone: "plain" | "error";
  seconds: number;
  undo?: { kind: "restorePost" | "restoreComment" | "unarchivePost" | "unmute"; id: string };
  /** It offers to go over to the new version. */
  update?: true;
};

const toasts = createSlice({
  name: "toasts",
  initialState: [] as Toast[],
  reducers: {
    showToast: {
      prepare: (toast: Pick<Toast, "text"> & Partial<Toast>) => ({
        payload: { id: nanoid(6), tone: "plain" as const, seconds: 6, ...toast },
      }),
      reducer: (state, { payload }: PayloadAction<Toast>) =>
        [...state.filter(({ text }) => text !== payload.text), payload].slice(-3),
    },
    closeToast: (state, { payload }: PayloadAction<string>) => state.filter(({ id }) => id !== payload),
  },
});

export const { showToast, closeToast } = toasts.actions;
export const toastsReducer = toasts.reducer;
