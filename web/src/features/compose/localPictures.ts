// The pictures just shared from this device, shown until the server has made its own of them.
import { createSlice, type PayloadAction } from "@reduxjs/toolkit";

export type LocalPicture = { url: string; width: number; height: number };

const localPictures = createSlice({
  name: "localPictures",
  initialState: {} as Record<string, LocalPicture>,
  reducers: {
    keepLocalPictures: (state, { payload }: PayloadAction<Record<string, LocalPicture>>) => ({ ...state, ...payload }),
  },
});

export const { keepLocalPictures } = localPictures.actions;
export const localPicturesReducer = localPictures.reducer;
