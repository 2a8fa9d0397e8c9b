// Whether someone is signed in, as far as this tab knows.
import { createSlice } from "@reduxjs/toolkit";

/** `maybe`: cookies are there, the server has not been asked. `ended`: the session ran out under the page. */
type SessionStatus = "maybe" | "in" | "out" | "ended";

export function readCsrfCookie(): string | undefined {
  return document.cookie.match(/(?:^|;\s*)(?:__Host-)?tintype_csrf=([^;]*)/)?.[1];
}

const session = createSlice({
  name: "session",
  initialState: () => ({ status: (readCsrfCookie() ? "maybe" : "out") as SessionStatus }),
  reducers: {
    signedIn: () => ({ status: "in" as const }),
    signedOut: () => ({ status: "out" as const }),
    sessionEnded: (state) => {
      state.status = state.status === "in" ? "ended" : state.status === "ended" ? "ended" : "out";
    },
  },
});

export const { signedIn, signedOut, sessionEnded } = session.actions;
export const sessionReducer = session.reducer;
