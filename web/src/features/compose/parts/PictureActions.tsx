// What may be done with the chosen picture.

import { ArrowLeft, ArrowRight, RotateCcw, SlidersHorizontal, Trash2 } from "lucide-react";
import { useAppDispatch } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { Button, IconButton } from "../../../ui/Button";
import { type DraftPicture, pictureMoved } from "../draft";
import { remove, retry } from "../uploader";

type Props = { picture: DraftPicture; index: number; count: number; onMove: () => void; onEdit: () => void };

export function PictureActions({ picture, index, count, onMove, onEdit }: Props) {
  const { t } = useTranslation("compose");
  const dispatch = useAppDispatch();
  const move = (to: number) => {
    dispatch(pictureMoved({ id: picture.id, to }));
    onMove();
  };
  return (
    <div className="flex items-center gap-1">
      {count > 1 && (
        <>
          <IconButton
            label={t("earlier")}
            aria-disabled={index === 0}
            className="aria-disabled:opacity-40"
            onClick={() => move(index - 1)}
          >
            <ArrowLeft className="size-5" aria-hidden="true" />
          </IconButton>
          <IconButton
            label={t("later")}
            aria-disabled={index === count - 1}
            className="aria-disabled:opacity-40"
            onClick={() => move(index + 1)}
          >
            <ArrowRight className="size-5" aria-hidden="true" />
          </IconButton>
        </>
      )}
      <span className="min-w-0 flex-1 truncate px-2 text-ink-faint text-xs">{picture.name}</span>
      {picture.preview && !picture.kind && (
        <Button look="quiet" onClick={onEdit}>
          <SlidersHorizontal className="size-4" aria-hidden="true" /> {t("edit")}
        </Button>
      )}
      {picture.state === "failed" && (
        <Button look="quiet" onClick={() => dispatch(retry(picture.id))}>
          <RotateCcw className="size-4" aria-hidden="true" /> {t("retry")}
        </Button>
      )}
      <IconButton label={t("remove")} onClick={() => dispatch(remove(picture.id))}>
        <Trash2 className="size-5" aria-hidden="true" />
      </IconButton>
    </div>
  );
}
