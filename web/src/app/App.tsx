// The client as a whole: the store around the router around the pages.
import { Provider } from "react-redux";
import { BrowserRouter } from "react-router";
import { startOutbox } from "../api/outbox/sending";
import { Boundary } from "./Broken";
import { Root } from "./Root";
import { makeStore } from "./store";

const store = makeStore();
void startOutbox(store);
if (import.meta.env.PROD) {
  window.addEventListener("load", () =>
    import("./installed").then(
      ({ startWorker }) => startWorker(store.dispatch),
      () => undefined, // the network went: the next visit tries again
    ),
  );
}

export function App() {
  return (
    <Provider store={store}>
      <BrowserRouter>
        <Boundary>
          <Root />
        </Boundary>
      </BrowserRouter>
    </Provider>
  );
}
