// What the log-in page says to who has just left.

import { useLocation } from "react-router";
import { useTranslation } from "../../../i18n";
import { language } from "../../../i18n/languages";

type State = { left?: { erasedAt?: string | null } } | null;

export function Left() {
  const { t } = useTranslation("accounts");
  const left = (useLocation().state as State)?.left;
  if (!left) return null;
  const date = left.erasedAt && new Date(left.erasedAt).toLocaleString(language(), { dateStyle: "long" });
  return (
    <div role="status" className="grid gap-1 rounded-s bg-sunken px-3 py-2">
      <p className="font-semibold">{date ? t("leave.goneTitle") : t("leave.hiddenTitle")}</p>
      <p>{date ? t("leave.gone", { date }) : t("leave.hidden")}</p>
    </div>
  );
}
