import { useAppDispatch, useAppSelector } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { draftCleared, isEmpty } from "../draft";
import { forgetFiles } from "../uploader";

/** Says that a draft of an earlier visit is back, and lets one begin anew. */
export function Restored() {
  const { t } = useTranslation("compose");
  const isGone = useAppSelector((state) => isEmpty(state.compose));
  const dispatch = useAppDispatch();
  if (isGone) return null;
  const startOver = () => {
    forgetFiles();
    dispatch(draftCleared());
  };
  return (
    <div role="status" className="flex items-center justify-between gap-2 rounded-s bg-sunken px-3 py-2">
      <span>{t("restored")}</span>
      <Button look="plain" className="px-2!" onClick={startOver}>
        {t("startOver")}
      </Button>
    </div>
  );
}
