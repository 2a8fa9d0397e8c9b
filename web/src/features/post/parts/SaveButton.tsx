import { Bookmark } from "lucide-react";
import { useLocation, useNavigate } from "react-router";
import { api } from "../../../api";
import type { Post } from "../../../api/types";
import { useAppDispatch } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { showToast } from "../../../ui/toasts";

/** Keeps a post for later, in a list of one's own. */
export function SaveButton({ post, className }: { post: Post; className: string }) {
  const { t } = useTranslation("post");
  const [save] = api.useSavePostMutation();
  const [unsave] = api.useUnsavePostMutation();
  const dispatch = useAppDispatch();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const saved = post.viewer?.saved === true;
  const toggle = async () => {
    if (!post.viewer) return navigate("/login", { state: { next: pathname } });
    if (saved) return void unsave({ postId: post.post_id });
    const { error } = await save({ postId: post.post_id });
    if (!error) dispatch(showToast({ text: t("savedNote") }));
  };
  const name = saved ? t("unsave") : t("save");
  return (
    <button type="button" aria-label={name} title={name} aria-pressed={saved} onClick={toggle} className={className}>
      <Bookmark aria-hidden="true" className={saved ? "fill-ink" : ""} />
    </button>
  );
}
