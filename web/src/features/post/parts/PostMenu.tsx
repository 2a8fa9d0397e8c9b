// What one may do with a post: its author and its reader have acts of their own.

import { Archive, BellOff, CircleHelp, Link2, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useNavigate } from "react-router";
import { api } from "../../../api";
import type { Post } from "../../../api/types";
import { useAppDispatch } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { type Act, Menu } from "../../../ui/Menu";
import { showToast } from "../../../ui/toasts";
import { useMute } from "../../people/hooks/useMute";
import { useSession } from "../../session/hooks/useSession";

const Why = lazy(() => import("./Why"));

export function PostMenu({ post, onPage }: { post: Post; onPage: boolean }) {
  const { t } = useTranslation(["post", "common"]);
  const { me } = useSession();
  const [asking, setAsking] = useState(false);
  const [remove] = api.useDeletePostMutation();
  const [archive] = api.useArchivePostMutation();
  const { mute } = useMute(post.author);
  const dispatch = useAppDispatch();
  const navigate = useNavigate();
  const { post_id: postId, author } = post;
  const copy = async () => {
    await navigator.clipboard.writeText(new URL(`/posts/${postId}`, window.location.href).href);
    dispatch(showToast({ text: t("common:notes.linkCopied") }));
  };
  const away = (act: (arg: { postId: string }) => unknown) => () => {
    if (onPage) navigate("/");
    act({ postId });
  };
  const acts: Act[] = [];
  if (me && me.user_id !== author.user_id) {
    acts.push({ name: t("menu.why"), icon: <CircleHelp aria-hidden="true" />, onChoose: () => setAsking(true) });
    acts.push({
      name: t("menu.mute", { name: author.username }),
      icon: <BellOff aria-hidden="true" />,
      onChoose: mute,
    });
  }
  acts.push({ name: t("common:copyLink"), icon: <Link2 aria-hidden="true" />, onChoose: copy });
  if (me?.user_id === author.user_id) {
    acts.push({ name: t("menu.archive"), icon: <Archive aria-hidden="true" />, onChoose: away(archive) });
    acts.push({ name: t("menu.delete"), icon: <Trash2 aria-hidden="true" />, danger: true, onChoose: away(remove) });
  }
  return (
    <>
      <Menu label={t("menu.label")} acts={acts} />
      {asking && (
        <Suspense>
          <Why post={post} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </>
  );
}
