// What one may do with a post: its author and its reader have acts of their own.

import {
  Archive,
  ArchiveRestore,
  BellOff,
  CircleHelp,
  Download,
  Link2,
  Pencil,
  Pin,
  PinOff,
  Trash2,
} from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useNavigate } from "react-router";
import { api } from "../../../api";
import { friendly } from "../../../api/errors";
import type { Post } from "../../../api/types";
import { useAppDispatch } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { type Act, Menu } from "../../../ui/Menu";
import { showToast } from "../../../ui/toasts";
import { useMute } from "../../people/hooks/useMute";
import { useSession } from "../../session/hooks/useSession";
import { useHandOn } from "../hooks/useHandOn";
import { usePin } from "../hooks/usePin";

const Why = lazy(() => import("./Why"));
const EditPost = lazy(() => import("./EditPost"));
const Files = lazy(() => import("./Files"));

export default function PostMenu({ post, onPage }: { post: Post; onPage: boolean }) {
  const { t } = useTranslation(["post", "common"]);
  const { me } = useSession();
  const [open, setOpen] = useState<"why" | "edit" | "files">();
  const [remove] = api.useDeletePostMutation();
  const [archive] = api.useArchivePostMutation();
  const [unarchive] = api.useUnarchivePostMutation();
  const { isPinned, toggle: togglePin } = usePin(post);
  const { copy } = useHandOn(post);
  const { mute } = useMute(post.author);
  const dispatch = useAppDispatch();
  const navigate = useNavigate();
  const { post_id: postId, author } = post;
  const own = me?.user_id === author.user_id;
  const away = (act: (arg: { postId: string }) => unknown) => () => {
    if (onPage) navigate("/");
    act({ postId });
  };
  const bringBack = async () => {
    const { error } = await unarchive({ postId });
    dispatch(showToast(error ? { text: friendly(error), tone: "error" } : { text: t("unarchivedNote") }));
  };
  const close = () => setOpen(undefined);
  const acts: Act[] = [];
  if (me && !own) {
    acts.push({ name: t("menu.why"), icon: <CircleHelp aria-hidden="true" />, onChoose: () => setOpen("why") });
    acts.push({
      name: t("menu.mute", { name: author.username }),
      icon: <BellOff aria-hidden="true" />,
      onChoose: mute,
    });
  }
  acts.push({ name: t("common:copyLink"), icon: <Link2 aria-hidden="true" />, onChoose: copy });
  if (post.media.length > 0 && (own || (post.download_allowed && post.type !== "VIDEO"))) {
    acts.push({ name: t("menu.download"), icon: <Download aria-hidden="true" />, onChoose: () => setOpen("files") });
  }
  if (own) {
    acts.push({ name: t("menu.edit"), icon: <Pencil aria-hidden="true" />, onChoose: () => setOpen("edit") });
    if (post.status === "published") {
      const icon = isPinned ? <PinOff aria-hidden="true" /> : <Pin aria-hidden="true" />;
      acts.push({ name: isPinned ? t("menu.unpin") : t("menu.pin"), icon, onChoose: togglePin });
    }
    acts.push(
      post.status === "archived"
        ? { name: t("menu.unarchive"), icon: <ArchiveRestore aria-hidden="true" />, onChoose: bringBack }
        : { name: t("menu.archive"), icon: <Archive aria-hidden="true" />, onChoose: away(archive) },
    );
    acts.push({ name: t("menu.delete"), icon: <Trash2 aria-hidden="true" />, danger: true, onChoose: away(remove) });
  }
  return (
    <>
      <Menu label={t("menu.label")} acts={acts} />
      <Suspense>
        {open === "why" && <Why post={post} onClose={close} />}
        {open === "edit" && <EditPost post={post} onClose={close} />}
        {open === "files" && <Files post={post} own={own} onClose={close} />}
      </Suspense>
    </>
  );
}
