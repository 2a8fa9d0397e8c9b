// Editing a picture that is shared already: the upload is edited anew, and the post shows it once its files are there.
import { api } from "../../api";
import { isApiError } from "../../api/errors";
import type { Store } from "../../app/store";
import { type Edit, noEdit } from "./edit";

type Dispatch = Store["dispatch"];

const tries = 20;

/** The untouched upload, and the edit that is shown. */
export function openShared(mediaId: string) {
  return async (dispatch: Dispatch): Promise<{ source: Blob; edit: Edit }> => {
    const whole = dispatch(api.endpoints.getMedia.initiate({ mediaId }, { subscribe: false, forceRefetch: true }));
    const [{ edit }, original] = await Promise.all([
      whole.unwrap(),
      fetch(`/api/v1/media/${mediaId}/original`, { credentials: "same-origin" }),
    ]);
    if (!original.ok) throw new Error(`${original.status}`);
    return { source: await original.blob(), edit: { ...noEdit, ...(edit as Partial<Edit> | null) } };
  };
}

/** Rejects with the API's error. The post is read until it shows the new files, or for some seconds. */
export function editShared(postId: string, mediaId: string, edit: Edit) {
  return async (dispatch: Dispatch): Promise<void> => {
    const { urls } = await dispatch(api.endpoints.editMedia.initiate({ mediaId, body: edit })).unwrap();
    for (let n = 0; n < tries; n++) {
      await new Promise((resolve) => setTimeout(resolve, 700));
      const { data, error } = await dispatch(
        api.endpoints.waitForPost.initiate({ postId, seconds: 1 }, { subscribe: false, forceRefetch: true }),
      );
      const now = data?.media.find(({ media_id }) => media_id === mediaId);
      if ((isApiError(error) && error.status === 404) || (now && now.urls.large !== urls.large)) return;
    }
  };
}
