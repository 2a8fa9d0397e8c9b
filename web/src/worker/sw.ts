/// <reference lib="webworker" />
// The service worker: the client without a connection, its pictures near, and what other apps share with it.
import { ExpirationPlugin } from "workbox-expiration";
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { CacheFirst } from "workbox-strategies";
import { endsSession, forget, isKept, keepOrRecall, me } from "./private";
import { receive } from "./sharing";
import { pictures } from "./stores";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

/** What the server answers itself; all other addresses are pages of the client. */
const servers = [/^\/(?:api|m|p|avatars|stories|docs)\//];

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL("/index.html"), { denylist: servers }));

registerRoute(
  ({ request, url, sameOrigin }) => sameOrigin && request.destination === "image" && url.pathname.startsWith("/m/"),
  new CacheFirst({
    cacheName: pictures,
    plugins: [new ExpirationPlugin({ maxEntries: 400, maxAgeSeconds: 7 * 86_400, purgeOnQuotaError: true })],
  }),
);

registerRoute(
  ({ url, sameOrigin }) => sameOrigin && isKept(url),
  ({ request }) => keepOrRecall(request),
);
for (const method of ["POST", "DELETE"] as const) {
  registerRoute(
    ({ url, sameOrigin }) => sameOrigin && endsSession(method, url),
    async ({ request, url, event }) => {
      const answer = await fetch(request);
      const begins = /login|register|finish/.test(url.pathname);
      await forget(!begins);
      // The page knows from the answer who came in and does not ask: without a connection it would.
      if (begins && answer.ok) event.waitUntil(keepOrRecall(new Request(me)).catch(() => undefined));
      return answer;
    },
    method,
  );
}
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname === "/share",
  ({ request }) => receive(request),
  "POST",
);

// A first worker takes over the open pages; a later one waits until somebody agrees.
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", ({ data }) => {
  if (data === "update") void self.skipWaiting();
});
