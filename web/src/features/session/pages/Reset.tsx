// A new password, with the link that an operator gave.

import type { FormEvent } from "react";
import { Link, useSearchParams } from "react-router";
import { api } from "../../../api";
import { fieldError, friendly } from "../../../api/errors";
import { useTranslation } from "../../../i18n";
import { Button, buttonClass } from "../../../ui/Button";
import { EntryPage } from "../parts/EntryPage";
import { PasswordField } from "../parts/PasswordField";

export default function Reset() {
  const { t } = useTranslation("session");
  const [asked] = useSearchParams();
  const [reset, { error, isLoading, isSuccess }] = api.useResetPasswordMutation();
  if (isSuccess) {
    return (
      <EntryPage title={t("changed")}>
        <p role="status" className="text-base text-ink-soft">
          {t("changedAbout")}
        </p>
        <Link to="/login" className={buttonClass("main", "min-h-11")}>
          {t("logIn")}
        </Link>
      </EntryPage>
    );
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password"));
    reset({ body: { token: asked.get("token") ?? "", password } });
  };
  return (
    <EntryPage title={t("newPassword")}>
      <form onSubmit={submit} className="grid gap-4">
        {error && !fieldError(error, "password") && (
          <p role="alert" className="rounded-s bg-sunken px-3 py-2 text-danger">
            {friendly(error)}
          </p>
        )}
        <PasswordField autoComplete="new-password" hint={t("passwordHint")} problem={fieldError(error, "password")} />
        <Button type="submit" busy={isLoading} className="mt-1 min-h-11">
          {t("setPassword")}
        </Button>
      </form>
    </EntryPage>
  );
}
