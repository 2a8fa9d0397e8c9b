// The client as a whole: the store around the router around the pages.
import { Provider } from "react-redux";
import { createBrowserRouter, RouterProvider } from "react-router";
import { Broken } from "./Broken";
import { Root } from "./Root";
import { makeStore } from "./store";

const store = makeStore();
const router = createBrowserRouter([{ path: "*", Component: Root, ErrorBoundary: Broken }]);

export function App() {
  return (
    <Provider store={store}>
      <RouterProvider router={router} />
    </Provider>
  );
}
