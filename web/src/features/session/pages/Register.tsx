// Making an account; the invitation is asked for only where one is needed.

import type { FormEvent } from "react";
import { Link, Navigate, useLocation, useSearchParams } from "react-router";
import { api } from "../../../api";
import { fieldError, friendly, isApiError } from "../../../api/errors";
import type { Under } from "../../../app/useUnder";
import { Trans, useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { TextField } from "../../../ui/Field";
import { useSession } from "../hooks/useSession";
import { Awaiting, isAwaiting } from "../parts/Awaiting";
import { EntryPage } from "../parts/EntryPage";
import { PasswordField } from "../parts/PasswordField";

const names = ["username", "email", "password", "full_name", "invite"];

export default function Register() {
  const { t } = useTranslation("session");
  const { me } = useSession();
  const [register, { error, isLoading, isSuccess }] = api.useRegisterAccountMutation();
  const [invitation] = useSearchParams();
  const { next } = (useLocation().state ?? {}) as Under;
  if (me) return <Navigate to={next ?? "/"} replace />;
  if (isSuccess || isAwaiting(error)) return <Awaiting />;

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = Object.fromEntries(
      [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]).filter(([, value]) => value),
    );
    register({ body: { ...(given as { username: string; email: string; password: string }), session: "cookie" } });
  };
  const invite = invitation.get("invite") ?? undefined;
  const invited = invite !== undefined || (isApiError(error) && (/INVIT/.test(error.code) || "invite" in error.fields));
  const atField = names.some((name) => fieldError(error, name));
  const foot = (
    <Trans
      text={t("haveAccount")}
      components={{
        to: (
          <Link to="/login" state={{ next }} className="font-semibold text-amber underline-offset-4 hover:underline" />
        ),
      }}
    />
  );
  return (
    <EntryPage title={t("join")} foot={foot}>
      <form onSubmit={submit} className="grid gap-4">
        {error && (
          <p role="alert" className="rounded-s bg-sunken px-3 py-2 text-danger">
            {atField ? t("marked") : friendly(error)}
          </p>
        )}
        <TextField
          label={t("username")}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          maxLength={30}
          hint={t("usernameHint")}
          problem={fieldError(error, "username")}
        />
        <TextField
          label={t("email")}
          name="email"
          type="email"
          autoComplete="email"
          required
          maxLength={254}
          problem={fieldError(error, "email")}
        />
        <TextField
          label={t("fullName")}
          name="full_name"
          autoComplete="name"
          maxLength={100}
          hint={t("optional")}
          problem={fieldError(error, "full_name")}
        />
        <PasswordField autoComplete="new-password" hint={t("passwordHint")} problem={fieldError(error, "password")} />
        {invited && (
          <TextField
            label={t("invitation")}
            name="invite"
            defaultValue={invite}
            required
            problem={fieldError(error, "invite")}
          />
        )}
        <Button type="submit" busy={isLoading} className="mt-1 min-h-11">
          {t("create")}
        </Button>
      </form>
    </EntryPage>
  );
}
