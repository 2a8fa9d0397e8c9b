// The address of a post to others; who is signed in counts among those who shared it.
import { api } from "../../../api";
import type { Post } from "../../../api/types";
import { useAppDispatch } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { showToast } from "../../../ui/toasts";

export function useHandOn(post: Post) {
  const { t } = useTranslation("common");
  const [tell] = api.useSharePostMutation();
  const dispatch = useAppDispatch();
  const url = new URL(`/p/${post.post_id}`, window.location.href).href;
  const count = () => {
    if (post.viewer) void tell({ postId: post.post_id });
  };
  const copy = async () => {
    await navigator.clipboard.writeText(url);
    dispatch(showToast({ text: t("notes.linkCopied") }));
    count();
  };
  const handOn = async () => {
    const title = `@${post.author.username}`;
    if (!navigator.share) return copy();
    try {
      await navigator.share({ title, url });
      count();
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "AbortError") await copy();
    }
  };
  return { copy, handOn };
}
