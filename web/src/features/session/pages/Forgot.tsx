// A link to set a new password, by mail. The answer is the same whoever is named.

import type { FormEvent } from "react";
import { Link } from "react-router";
import { api } from "../../../api";
import { fieldError, friendly } from "../../../api/errors";
import { useTranslation } from "../../../i18n";
import { Button, buttonClass } from "../../../ui/Button";
import { TextField } from "../../../ui/Field";
import { EntryPage } from "../parts/EntryPage";
import { Problem } from "../parts/Problem";

export default function Forgot() {
  const { t } = useTranslation("session");
  const [ask, { error, isLoading, isSuccess }] = api.useForgotPasswordMutation();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    ask({ body: { login: String(new FormData(event.currentTarget).get("login")).trim() } });
  };
  if (isSuccess) {
    return (
      <EntryPage title={t("linkSent")}>
        <p role="status" className="text-base text-ink-soft">
          {t("linkSentAbout")}
        </p>
        <Link to="/login" className={buttonClass("quiet", "min-h-11")}>
          {t("backToLogin")}
        </Link>
      </EntryPage>
    );
  }
  const foot = (
    <Link to="/login" className="font-semibold text-amber underline-offset-4 hover:underline">
      {t("backToLogin")}
    </Link>
  );
  return (
    <EntryPage title={t("forgotTitle")} foot={foot}>
      <p className="text-ink-soft">{t("forgotAbout")}</p>
      <form onSubmit={submit} className="grid gap-4">
        {error && !fieldError(error, "login") && <Problem>{friendly(error)}</Problem>}
        <TextField
          label={t("login")}
          name="login"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          maxLength={254}
          problem={fieldError(error, "login")}
        />
        <Button type="submit" busy={isLoading} className="min-h-11">
          {t("sendLink")}
        </Button>
      </form>
    </EntryPage>
  );
}
