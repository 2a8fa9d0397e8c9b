// The draft on this device: what was typed and picked outlives a reload, a crash and an expired session.
import type { Draft } from "./draft";

export type Kept = { draft: Draft; at: number };

const [drafts, files] = ["drafts", "files"];
let opening: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("tintype-drafts", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(drafts);
      request.result.createObjectStore(files);
    };
    request.onsuccess = () => {
      // Who logs out has it deleted, for which nobody may hold it open.
      request.result.onversionchange = () => {
        request.result.close();
        opening = undefined;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function act<T>(store: string, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>) {
  const request = work((await database()).transaction(store, mode).objectStore(store));
  return new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Of one owner: a browser may be shared. */
export const keepDraft = (owner: string, kept: Kept) => act(drafts, "readwrite", (store) => store.put(kept, owner));
export const keptDraft = (owner: string) =>
  act<Kept | undefined>(drafts, "readonly", (store) => store.get(owner) as IDBRequest<Kept | undefined>);
export const keepFileOf = (owner: string, id: string, file: File) =>
  act(files, "readwrite", (store) => store.put(file, `${owner} ${id}`));
export const keptFile = (owner: string, id: string) =>
  act<File | undefined>(files, "readonly", (store) => store.get(`${owner} ${id}`) as IDBRequest<File | undefined>);

/** Forgets the files whose pictures are not in the draft any more. */
export async function forgetOthers(owner: string, ids: Set<string>) {
  const keys = await act<IDBValidKey[]>(files, "readonly", (store) => store.getAllKeys());
  for (const key of keys) {
    const [of, id = ""] = String(key).split(" ");
    if (of === owner && !ids.has(id)) await act(files, "readwrite", (store) => store.delete(key));
  }
}

export async function forgetDraft(owner: string) {
  await act(drafts, "readwrite", (store) => store.delete(owner));
  await forgetOthers(owner, new Set());
}
