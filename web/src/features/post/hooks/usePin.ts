// Whether a post stands first on its author's page, as far as that page was loaded, and how to change it.
import { api } from "../../../api";
import { friendly } from "../../../api/errors";
import { postsOf } from "../../../api/lists";
import type { Post } from "../../../api/types";
import { useAppDispatch } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { showToast } from "../../../ui/toasts";

export function usePin({ post_id: postId, author }: Post) {
  const { t } = useTranslation("post");
  const { data } = api.endpoints.userPosts.useInfiniteQueryState({ userId: author.user_id });
  const isPinned = postsOf(data).some((one) => one.post_id === postId && one.pinned === true);
  const [pin] = api.usePinPostMutation();
  const [unpin] = api.useUnpinPostMutation();
  const dispatch = useAppDispatch();
  const toggle = async () => {
    const { error } = await (isPinned ? unpin({ postId }) : pin({ postId }));
    const note = isPinned ? t("unpinnedNote") : t("pinnedNote");
    dispatch(showToast(error ? { text: friendly(error), tone: "error" } : { text: note }));
  };
  return { isPinned, toggle };
}
