// The way to crop and filter a picture of a post that is out already.
import { SlidersHorizontal } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { friendly } from "../../../api/errors";
import { useAppDispatch } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { IconButton } from "../../../ui/Button";
import { showToast } from "../../../ui/toasts";
import type { Edit } from "../edit";
import { editShared, openShared } from "../shared";

const Editor = lazy(() => import("./Editor"));

export function EditShared({ postId, mediaId, at }: { postId: string; mediaId: string; at: number }) {
  const { t } = useTranslation("edit");
  const dispatch = useAppDispatch();
  const [opened, setOpened] = useState<{ source: Blob; edit: Edit }>();
  const tell = (error: unknown) => void dispatch(showToast({ text: friendly(error) }));
  const done = (edit: Edit) => {
    setOpened(undefined);
    dispatch(showToast({ text: t("shared.saved") }));
    dispatch(editShared(postId, mediaId, edit)).catch(tell);
  };
  return (
    <>
      <IconButton label={t("shared.edit", { at })} onClick={() => dispatch(openShared(mediaId)).then(setOpened, tell)}>
        <SlidersHorizontal className="size-5" aria-hidden="true" />
      </IconButton>
      {opened && (
        <Suspense>
          <Editor source={opened.source} edit={opened.edit} onDone={done} onClose={() => setOpened(undefined)} />
        </Suspense>
      )}
    </>
  );
}
