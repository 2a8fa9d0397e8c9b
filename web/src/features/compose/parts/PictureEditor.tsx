// Cropping and filters of a picture of the draft, fetched when it is wanted.
import { lazy, Suspense, useEffect, useState } from "react";
import { useAppDispatch } from "../../../app/store";
import { noEdit } from "../../edit/edit";
import type { DraftPicture } from "../draft";
import { applyEdit, applyToAll, openSource } from "../edits";

const Editor = lazy(() => import("../../edit/parts/Editor"));

type Props = { picture: DraftPicture; isOneOfMany: boolean; onClose: () => void };

export function PictureEditor({ picture, isOneOfMany, onClose }: Props) {
  const dispatch = useAppDispatch();
  const [source, setSource] = useState<Blob>();
  const { id } = picture;
  useEffect(() => {
    void dispatch(openSource(id)).then(setSource);
  }, [dispatch, id]);
  if (!source) return null;
  return (
    <Suspense>
      <Editor
        source={source}
        edit={picture.edit ?? noEdit}
        onClose={onClose}
        onDone={(edit) => {
          void dispatch(applyEdit(id, edit));
          onClose();
        }}
        {...(isOneOfMany
          ? {
              onApplyToAll: (edit) => {
                void dispatch(applyToAll(id, edit));
                onClose();
              },
            }
          : {})}
      />
    </Suspense>
  );
}
