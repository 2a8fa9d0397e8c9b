// The pictures of the draft: one large with its description, all in a row to order.

import { useState } from "react";
import { useAppDispatch, useAppSelector } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { TextField } from "../../../ui/Field";
import { pictureChanged } from "../draft";
import { LocalFilm } from "./LocalFilm";
import { PictureActions } from "./PictureActions";
import { PictureEditor } from "./PictureEditor";
import { Strip } from "./Strip";

export function Pictures({ onFiles }: { onFiles: (files: Iterable<File>) => void }) {
  const { t } = useTranslation("compose");
  const pictures = useAppSelector((state) => state.compose.pictures);
  const dispatch = useAppDispatch();
  const [chosen, setChosen] = useState<string>();
  const [edited, setEdited] = useState<string>();
  const index = Math.max(
    0,
    pictures.findIndex(({ id }) => id === chosen),
  );
  const picture = pictures[index];
  if (!picture) return null;
  return (
    <div className="top-0 flex min-w-0 flex-col gap-3 p-4 md:sticky md:h-full md:max-h-[min(calc(86dvh-57px),803px)] md:self-start">
      <div className="relative grid h-56 place-items-center overflow-hidden rounded-m bg-sunken md:h-auto md:min-h-72 md:flex-1">
        {picture.kind ? (
          <LocalFilm key={picture.id} picture={picture} />
        ) : picture.preview ? (
          <img
            src={picture.preview}
            alt=""
            width={picture.width}
            height={picture.height}
            className="absolute inset-0 size-full object-contain"
          />
        ) : (
          <p className="p-6 text-center text-ink-faint [overflow-wrap:anywhere]">{picture.name}</p>
        )}
      </div>
      {picture.problem && (
        <p role="alert" className="text-danger">
          {picture.name}: {picture.problem}
        </p>
      )}
      <PictureActions
        picture={picture}
        index={index}
        count={pictures.length}
        onMove={() => setChosen(picture.id)}
        onEdit={() => setEdited(picture.id)}
      />
      {edited === picture.id && (
        <PictureEditor picture={picture} isOneOfMany={pictures.length > 1} onClose={() => setEdited(undefined)} />
      )}
      <TextField
        label={t("alt")}
        aside={
          <span className="text-ink-faint text-xs tabular-nums">
            {t("photoOf", { at: index + 1, count: pictures.length })}
          </span>
        }
        hint={t("altHint")}
        maxLength={1000}
        dir="auto"
        value={picture.alt}
        onChange={(event) => dispatch(pictureChanged({ id: picture.id, alt: event.target.value }))}
      />
      <Strip pictures={pictures} chosen={picture.id} onChoose={setChosen} onFiles={onFiles} />
    </div>
  );
}
