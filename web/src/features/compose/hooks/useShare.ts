// Shares the draft: the post stands at the top of home with the pictures of this device until the server's are there.
import { useNavigate } from "react-router";
import { api } from "../../../api";
import { useAppDispatch, useAppSelector } from "../../../app/store";
import { idempotencyKeys } from "../../../lib/idempotency";
import { asPost, type DraftPicture, draftCleared, obstacle } from "../draft";
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
    const body = asPost(draft);
    dispatch(keepLocalPictures(localOnes(draft.pictures)));
    const { error: refused } = await create({ "Idempotency-Key": keys.for(body), body });
    if (refused) return;
    keys.done();
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
