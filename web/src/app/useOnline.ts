import { useSyncExternalStore } from "react";

function subscribe(change: () => void) {
  window.addEventListener("online", change);
  window.addEventListener("offline", change);
  return () => {
    window.removeEventListener("online", change);
    window.removeEventListener("offline", change);
  };
}

/** Whether the device has a connection at all. */
export const useOnline = () => useSyncExternalStore(subscribe, () => navigator.onLine);
