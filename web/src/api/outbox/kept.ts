// The acts that wait, on this device, so that they outlive a reload.
import type { Entry } from "./entries";

const [name, store, key] = ["tintype-outbox", "outbox", "entries"];

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function act<T>(mode: IDBTransactionMode, work: (entries: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    const request = work(database.transaction(store, mode).objectStore(store));
    return await new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}

export const keep = (entries: Entry[]) => act("readwrite", (all) => all.put(entries, key));
export const kept = async (): Promise<Entry[]> => ((await act("readonly", (all) => all.get(key))) as Entry[]) ?? [];
