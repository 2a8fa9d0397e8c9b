// Keeps the draft on this device while it changes, and brings it back when the dialog is opened again.
import { useEffect, useState } from "react";
import { useStore } from "react-redux";
import { api } from "../../../api";
import type { Store } from "../../../app/store";
import { useAppSelector } from "../../../app/store";
import { t } from "../../../i18n";
import { useSession } from "../../session/hooks/useSession";
import { type Draft, type DraftPicture, draftCleared, draftRestored, isEmpty } from "../draft";
import { sendEdit, showEdited } from "../edits";
import { dropFile, fileOf, keepFile } from "../files";
import { forgetDraft, forgetOthers, keepDraft, keepFileOf, keptDraft, keptFile } from "../keeping";
import { sendNext, watch } from "../uploader";

const pause = 250;
/** The server lets unused uploads go after a day. */
const uploadsLast = 20 * 3600 * 1000;

/** Whose draft it is: somebody else who logs in on this page begins with their own. */
let writer: string | undefined;

/** Whether a draft of an earlier visit was brought back. */
export function useKeptDraft(): boolean {
  const owner = useSession().me?.user_id;
  const store = useStore() as unknown as Store;
  const draft = useAppSelector((state) => state.compose);
  const [restored, setRestored] = useState(false);
  const [looked, setLooked] = useState(false);
  useEffect(() => {
    if (!owner) return;
    if (writer !== undefined && writer !== owner) {
      dropFile();
      store.dispatch(draftCleared());
    }
    writer = owner;
    bringBack(store, owner)
      .then(setRestored, () => undefined)
      .finally(() => setLooked(true));
  }, [owner, store]);
  useEffect(() => {
    if (!owner || !looked) return;
    const timer = setTimeout(() => void save(owner, draft), pause);
    return () => clearTimeout(timer);
  }, [owner, looked, draft]);
  useEffect(() => {
    if (!owner || !looked) return;
    const now = () => void save(owner, store.getState().compose);
    addEventListener("pagehide", now);
    return () => {
      removeEventListener("pagehide", now);
      now();
    };
  }, [owner, looked, store]);
  return restored;
}

async function save(owner: string, draft: Draft) {
  try {
    if (isEmpty(draft)) return await forgetDraft(owner);
    await keepDraft(owner, { draft: { ...draft, pictures: draft.pictures.map(lasting) }, at: Date.now() });
    for (const { id } of draft.pictures) {
      const file = fileOf(id);
      if (file && !saved.has(file)) {
        await keepFileOf(owner, id, file);
        saved.add(file);
      }
    }
    await forgetOthers(owner, new Set(draft.pictures.map(({ id }) => id)));
  } catch {
    // Without room or permission on this device, the draft lasts as long as the page.
  }
}

const saved = new WeakSet<File>();

function lasting({ preview: _preview, problem: _problem, ...picture }: DraftPicture): DraftPicture {
  return picture.mediaId ? picture : { ...picture, state: "queued", progress: 0 };
}

async function bringBack(store: Store, owner: string): Promise<boolean> {
  const kept = await keptDraft(owner);
  if (!kept || !isEmpty(store.getState().compose)) return false;
  const isOld = Date.now() - kept.at > uploadsLast;
  const pictures: DraftPicture[] = [];
  for (const picture of kept.draft.pictures) {
    const file = await keptFile(owner, picture.id);
    if (!file) {
      if (picture.ticket) pictures.push({ ...picture, state: "failed", problem: t("compose:chooseAgain") });
      continue;
    }
    keepFile(picture.id, file);
    saved.add(file);
    pictures.push(
      isOld ? { ...picture, mediaId: undefined, sentEdit: undefined, ticket: undefined, state: "queued" } : picture,
    );
  }
  if (!isEmpty(store.getState().compose)) return false;
  const draft = { ...kept.draft, pictures };
  if (isEmpty(draft)) return false;
  store.dispatch(draftRestored(draft));
  for (const { id, mediaId } of pictures) {
    void store.dispatch(showEdited(id));
    if (mediaId) void check(store, id, mediaId);
  }
  store.dispatch(sendNext());
  return true;
}

/** An upload of before may be gone: it is sent again. */
async function check(store: Store, id: string, mediaId: string) {
  const { error } = await store.dispatch(
    api.endpoints.getMedia.initiate({ mediaId }, { subscribe: false, forceRefetch: true }),
  );
  const pictures = store.getState().compose.pictures;
  if (error && "status" in error && error.status === 404) {
    store.dispatch(
      draftRestored({
        ...store.getState().compose,
        pictures: pictures.map((one) =>
          one.id === id ? { ...one, mediaId: undefined, sentEdit: undefined, state: "queued" } : one,
        ),
      }),
    );
    store.dispatch(sendNext());
  } else {
    void store.dispatch(sendEdit(id));
    void store.dispatch(watch(id, mediaId));
  }
}
