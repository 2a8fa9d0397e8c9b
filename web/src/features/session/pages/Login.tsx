// Logging in, and back to where one was stopped.

import type { FormEvent } from "react";
import { Link, Navigate, useLocation } from "react-router";
import { api } from "../../../api";
import { fieldError, friendly } from "../../../api/errors";
import type { Under } from "../../../app/useUnder";
import { Trans, useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { TextField } from "../../../ui/Field";
import { useSession } from "../hooks/useSession";
import { Awaiting, isAwaiting } from "../parts/Awaiting";
import { EntryPage } from "../parts/EntryPage";
import { PasswordField } from "../parts/PasswordField";

export default function Login() {
  const { t } = useTranslation("session");
  const { me } = useSession();
  const [login, { error, isLoading }] = api.useLoginMutation();
  const { next, ended } = (useLocation().state ?? {}) as Under;
  if (me) return <Navigate to={next ?? "/"} replace />;
  if (isAwaiting(error)) return <Awaiting />;

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    login({
      body: { login: String(form.get("login")).trim(), password: String(form.get("password")), session: "cookie" },
    });
  };
  const foot = (
    <Trans
      text={t("newHere")}
      components={{
        to: (
          <Link
            to="/register"
            state={{ next }}
            className="font-semibold text-amber underline-offset-4 hover:underline"
          />
        ),
      }}
    />
  );
  return (
    <EntryPage title={t("logIn")} foot={foot}>
      <form onSubmit={submit} className="grid gap-4">
        {ended && !error && (
          <p role="status" className="rounded-s bg-sunken px-3 py-2">
            {t("ended")}
          </p>
        )}
        {error && (
          <p role="alert" className="rounded-s bg-sunken px-3 py-2 text-danger">
            {friendly(error)}
          </p>
        )}
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
        <PasswordField autoComplete="current-password" problem={fieldError(error, "password")} />
        <Button type="submit" busy={isLoading} className="mt-1 min-h-11">
          {t("logIn")}
        </Button>
      </form>
    </EntryPage>
  );
}
