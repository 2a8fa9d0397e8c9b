import { useAppDispatch, useAppSelector } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { mostPictures, parts } from "../draft";
import { remove } from "../uploader";

/** More pictures than one post takes: they become several, unless one wants the first only. */
export function Several() {
  const { t } = useTranslation("compose");
  const draft = useAppSelector((state) => state.compose);
  const dispatch = useAppDispatch();
  const count = draft.pictures.length;
  if (count <= mostPictures) return null;
  const surplus = draft.pictures.slice(mostPictures);
  return (
    <div role="status" className="grid gap-2 rounded-s bg-sunken p-3">
      <p className="font-semibold">{t("several", { count, posts: parts(draft).length })}</p>
      <p className="text-ink-soft">{t("severalAbout", { most: mostPictures })}</p>
      <Button look="quiet" className="bg-sheet!" onClick={() => surplus.map(({ id }) => dispatch(remove(id)))}>
        {t("onlyFirst", { most: mostPictures })}
      </Button>
    </div>
  );
}
