// The names of what is kept on a device, and letting go of it with the session that it belongs to.

export const pictures = "pictures";
/** The last home feed and whose it is. */
export const lastSeen = "last-seen";
/** What another app shared, until the compose dialog takes it. */
export const shared = "shared";

/** What was shared before a log-in is of who logs in. */
export async function forgetStores(alsoShared: boolean) {
  const stores = alsoShared ? [pictures, lastSeen, shared] : [pictures, lastSeen];
  await Promise.all(stores.map((name) => caches.delete(name)));
}
