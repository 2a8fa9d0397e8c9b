// The picture that one is shown with: to change and to remove.
import { type ChangeEvent, lazy, Suspense, useState } from "react";
import { friendly } from "../../../api/errors";
import type { Me } from "../../../api/types";
import { useAppDispatch } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { Avatar } from "../../../ui/Avatar";
import { Button, buttonClass } from "../../../ui/Button";
import { showToast } from "../../../ui/toasts";
import { acceptedImages, whyNotImage } from "../../compose/kinds";

const AvatarDialog = lazy(() => import("../../edit/parts/AvatarDialog"));

export function Portrait({ me }: { me: Me }) {
  const { t } = useTranslation("edit");
  const dispatch = useAppDispatch();
  const [file, setFile] = useState<File>();
  const [problem, setProblem] = useState<string>();
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const [chosen] = event.target.files ?? [];
    event.target.value = "";
    const wrong = chosen && whyNotImage(chosen);
    setProblem(wrong);
    if (chosen && !wrong) setFile(chosen);
  };
  const remove = async () => {
    const { removeAvatar } = await import("../../edit/avatar");
    await dispatch(removeAvatar()).then(
      () => dispatch(showToast({ text: t("avatar.removed") })),
      (error) => setProblem(friendly(error)),
    );
  };
  return (
    <div className="flex items-center gap-5 pb-6">
      <Avatar user={me} size={77} />
      <div className="grid justify-items-start gap-2">
        <div className="flex flex-wrap gap-2">
          <label className={buttonClass("quiet", "cursor-pointer focus-within:outline-2 focus-within:outline-amber")}>
            {t(me.avatar_url ? "avatar.change" : "avatar.add")}
            <input type="file" accept={acceptedImages} onChange={choose} className="sr-only" />
          </label>
          {me.avatar_url && (
            <Button look="danger" onClick={remove}>
              {t("avatar.remove")}
            </Button>
          )}
        </div>
        {problem && (
          <p role="alert" className="text-danger">
            {problem}
          </p>
        )}
      </div>
      {file && (
        <Suspense>
          <AvatarDialog file={file} onClose={() => setFile(undefined)} />
        </Suspense>
      )}
    </div>
  );
}
