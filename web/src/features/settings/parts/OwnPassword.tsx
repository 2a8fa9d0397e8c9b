// The password again, before what a borrowed session must not do; who has none needs a fresh log-in.

import { fieldError, isApiError } from "../../../api/errors";
import { useTranslation } from "../../../i18n";
import { TextField } from "../../../ui/Field";

type Props = { has: boolean; error?: unknown };

export function OwnPassword({ has, error }: Props) {
  const { t } = useTranslation("accounts");
  if (!has) return <p className="text-ink-faint text-xs">{t("confirm.fresh")}</p>;
  return (
    <TextField
      label={t("confirm.password")}
      name="password"
      type="password"
      autoComplete="current-password"
      required
      maxLength={1024}
      problem={fieldError(error, "password")}
    />
  );
}

/** The words for a form as a whole, unless a field has them. */
export const isAtField = (error: unknown) => isApiError(error) && Object.keys(error.fields).length > 0;
