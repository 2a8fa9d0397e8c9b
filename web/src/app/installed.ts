// The client as an app on a device: its service worker, and the offer of a newer version.
import { t } from "../i18n";
import { showToast } from "../ui/toasts";
import type { Store } from "./store";

let waiting: ServiceWorker | undefined;

export async function startWorker(dispatch: Store["dispatch"]) {
  if (!("serviceWorker" in navigator)) return;
  const offer = (worker: ServiceWorker) => {
    waiting = worker;
    dispatch(showToast({ text: t("common:notes.newVersion"), seconds: 3_600, update: true }));
  };
  try {
    const registration = await navigator.serviceWorker.register("/sw.js");
    if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => {
        if (worker.state === "installed" && navigator.serviceWorker.controller) offer(worker);
      });
    });
    // A tab that stays open for days hears of a new version as well.
    setInterval(() => navigator.onLine && registration.update().catch(() => undefined), 3_600_000);
  } catch {
    // Some browsers refuse workers in private windows: everything but reading offline works without.
  }
}

/** Goes over to the version that waits. */
export function update() {
  navigator.serviceWorker.addEventListener("controllerchange", () => window.location.reload(), { once: true });
  waiting?.postMessage("update");
}
