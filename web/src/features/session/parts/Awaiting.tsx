// An account that exists but waits for someone who runs the place to let it in.

import { Link } from "react-router";
import { isApiError } from "../../../api/errors";
import { useTranslation } from "../../../i18n";
import { buttonClass } from "../../../ui/Button";
import { EntryPage } from "./EntryPage";

export function isAwaiting(error: unknown): boolean {
  return isApiError(error) && /PENDING/.test(error.code);
}

export function Awaiting() {
  const { t } = useTranslation("session");
  return (
    <EntryPage title={t("awaiting.title")}>
      <p role="status" className="text-base text-ink-soft">
        {t("awaiting.about")}
      </p>
      <Link to="/login" reloadDocument className={buttonClass("quiet", "min-h-11")}>
        {t("awaiting.back")}
      </Link>
    </EntryPage>
  );
}
