// One's own picture: sent, cut to a square, and shown once the server has made it.
import { api } from "../../api";
import { explain, isApiError } from "../../api/errors";
import type { Store } from "../../app/store";
import { transfer, typeOf } from "../compose/uploader";
import type { Crop } from "./edit";

type Dispatch = Store["dispatch"];

/** Rejects with the API's error; resolves with what became of a picture that cannot be used. */
export function setAvatar(file: File, crop: Crop | null, signal: AbortSignal) {
  return async (dispatch: Dispatch): Promise<string | undefined> => {
    const { media_id: mediaId, upload } = await dispatch(
      api.endpoints.createUploadUrl.initiate({
        body: { kind: "IMAGE", content_type: typeOf(file), size: file.size, filename: file.name },
      }),
    ).unwrap();
    await transfer(file, upload, signal, () => undefined);
    await dispatch(api.endpoints.completeUpload.initiate({ mediaId })).unwrap();
    await dispatch(api.endpoints.setAvatar.initiate({ body: { media_id: mediaId, crop } })).unwrap();
    const { data, error } = await dispatch(
      api.endpoints.waitForMedia.initiate({ mediaId, seconds: 25 }, { subscribe: false, forceRefetch: true }),
    );
    if (isApiError(error)) throw error;
    if (data?.rejection) return explain(data.rejection);
    await dispatch(refreshMe());
    return undefined;
  };
}

export function removeAvatar() {
  return async (dispatch: Dispatch) => {
    await dispatch(api.endpoints.removeAvatar.initiate()).unwrap();
    await dispatch(refreshMe());
  };
}

/** One's own card, wherever it is shown as a profile. */
function refreshMe() {
  return async (dispatch: Dispatch) => {
    await dispatch(api.endpoints.getUser.initiate({ userId: "me" }, { subscribe: false, forceRefetch: true }));
    dispatch(api.util.invalidateTags([{ type: "User", id: "me" }]));
  };
}
