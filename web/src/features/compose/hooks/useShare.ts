// Shares the draft: the post stands at the top of home with the pictures of this device until the server's are there.
import { useNavigate } from "react-router";
import { api } from "../../../api";
import { useAppDispatch, useAppSelector } from "../../../app/store";
import { idempotencyKeys } from "../../../lib/idempotency";
import { asPost, type DraftPicture, draftCleared, draftRestored, obstacle, parts } from "../draft";
import { keepLocalPictures } from "../localPictures";
import { forgetFiles } from "../uploader";

/** Kept with the draft, beyond the dialog: a try after a lost answer must not make a second post. */
const keys = idempotencyKeys();

export function useShare() {
  const draft = useAppSelector((state) => state.compose);
  const dispatch = useAppDispatch();
  const navigate = useNavigate();
  const [create, { error, isLoading }] = api.useCreatePostMutation();
  const inTheWay = obstacle(draft);
  const share = async () => {
    if (inTheWay || isLoading) return;
    dispatch(keepLocalPictures(localOnes(draft.pictures)));
    const posts = parts(draft);
    for (const [at, part] of posts.entries()) {
      const body = asPost(part);
      const { error: refused } = await create({ "Idempotency-Key": keys.for(body), body });
      if (refused) return;
      keys.done();
      // What is shared leaves the draft, so that after a failure only the rest is shared.
      const left = posts.slice(at + 1).flatMap(({ pictures }) => pictures);
      if (left.length) dispatch(draftRestored({ ...draft, pictures: left }));
    }
    forgetFiles();
    dispatch(draftCleared());
    navigate("/", { replace: true, state: { top: true } });
  };
  return { share, error, isLoading, inTheWay };
}

function localOnes(pictures: DraftPicture[]) {
  return Object.fromEntries(
    pictures.flatMap(({ mediaId, preview, width, height }) =>
      mediaId && preview && width && height ? [[mediaId, { url: preview, width, height }]] : [],
    ),
  );
}
