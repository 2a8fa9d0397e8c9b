// The one store: the server's answers, the session, the draft being composed and the notes on screen.
import { combineReducers, configureStore } from "@reduxjs/toolkit";
import { setupListeners } from "@reduxjs/toolkit/query";
import { useDispatch, useSelector } from "react-redux";
import { api } from "../api";
import { outboxReducer } from "../api/outbox/entries";
import { outboxMiddleware } from "../api/outbox/sending";
import { sessionReducer } from "../api/session";
import { composeReducer } from "../features/compose/draft";
import { localPicturesReducer } from "../features/compose/localPictures";
import { toastsReducer } from "../ui/toasts";

const reducer = combineReducers({
  [api.reducerPath]: api.reducer,
  session: sessionReducer,
  compose: composeReducer,
  localPictures: localPicturesReducer,
  toasts: toastsReducer,
  outbox: outboxReducer,
});

export function makeStore() {
  const store = configureStore({
    reducer,
    middleware: (defaults) =>
      defaults({ serializableCheck: false, immutableCheck: false }).concat(api.middleware, outboxMiddleware),
  });
  setupListeners(store.dispatch);
  return store;
}

export type Store = ReturnType<typeof makeStore>;
export type RootState = ReturnType<typeof reducer>;
export const useAppDispatch = useDispatch.withTypes<Store["dispatch"]>();
export const useAppSelector = useSelector.withTypes<RootState>();
