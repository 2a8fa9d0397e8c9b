// One note, with what can be done about it.

import { X } from "lucide-react";
import { api } from "../api";
import { friendly } from "../api/errors";
import { useAppDispatch } from "../app/store";
import { useTranslation } from "../i18n";
import { IconButton } from "./Button";
import { closeToast, showToast, type Toast } from "./toasts";

const act =
  "rounded-s px-3 py-2 font-semibold underline decoration-1 underline-offset-4 outline-offset-0 focus-visible:outline-plate";
const update = () => import("../app/installed").then((app) => app.update());

export default function Note({ toast }: { toast: Toast }) {
  const { t } = useTranslation();
  const dispatch = useAppDispatch();
  const close = () => dispatch(closeToast(toast.id));
  return (
    <div
      style={{ "--clock": `${toast.seconds}s` } as React.CSSProperties}
      onAnimationEnd={(event) => event.animationName === "wait" && close()}
      className="clock pointer-events-auto flex w-full max-w-[420px] items-center gap-2 rounded-m bg-ink py-1 pr-1 pl-4 text-plate"
    >
      <span className="min-w-0 flex-1 py-2">{toast.text}</span>
      {toast.undo && <Undo undo={toast.undo} onDone={close} />}
      {toast.update && (
        <button type="button" onClick={update} className={act}>
          {t("update")}
        </button>
      )}
      <IconButton label={t("notes.close")} className="hover:bg-transparent" onClick={close}>
        <X className="size-4" />
      </IconButton>
    </div>
  );
}

function Undo({ undo: { kind, id }, onDone }: { undo: NonNullable<Toast["undo"]>; onDone: () => void }) {
  const { t } = useTranslation();
  const dispatch = useAppDispatch();
  const [restore, restoring] = api.useRestorePostMutation();
  const [restoreComment, restoringComment] = api.useRestoreCommentMutation();
  const [unarchive, unarchiving] = api.useUnarchivePostMutation();
  const [unmute, unmuting] = api.useUnmuteMutation();
  const undo = async () => {
    const acts = {
      restorePost: () => restore({ postId: id }),
      restoreComment: () => restoreComment({ commentId: id }),
      unarchivePost: () => unarchive({ postId: id }),
      unmute: () => unmute({ userId: id }),
    };
    const { error } = await acts[kind]();
    onDone();
    dispatch(showToast(error ? { text: friendly(error), tone: "error" } : { text: t(`notes.${kind}`) }));
  };
  const isLoading = restoring.isLoading || restoringComment.isLoading || unarchiving.isLoading || unmuting.isLoading;
  return (
    <button type="button" onClick={undo} disabled={isLoading} className={act}>
      {t("undo")}
    </button>
  );
}
