// Somebody new who comes from a provider chooses a name.

import { type FormEvent, useEffect } from "react";
import { Link, Navigate, useLocation } from "react-router";
import { api } from "../../../api";
import { fieldError, friendly, isApiError } from "../../../api/errors";
import { useTranslation } from "../../../i18n";
import { Button, buttonClass } from "../../../ui/Button";
import { TextField } from "../../../ui/Field";
import { Loading } from "../../../ui/states";
import { useSession } from "../hooks/useSession";
import { Awaiting, isAwaiting } from "../parts/Awaiting";
import { EntryPage } from "../parts/EntryPage";
import { Problem } from "../parts/Problem";

const names = ["username", "email", "full_name", "invite"];

export default function Welcome() {
  const { t } = useTranslation("session");
  const { me } = useSession();
  const ticket = new URLSearchParams(useLocation().hash.slice(1)).get("ticket") ?? "";
  const [ask, { data: who, error: unknown }] = api.useGetNewcomerMutation();
  const [register, { error, isLoading, isSuccess }] = api.useRegisterNewcomerMutation();
  useEffect(() => {
    ask({ body: { ticket } });
  }, [ask, ticket]);
  if (me) return <Navigate to="/" replace />;
  if (isSuccess || isAwaiting(error)) return <Awaiting />;
  if (unknown || (isApiError(error) && error.code === "CHALLENGE_EXPIRED")) {
    return (
      <EntryPage title={t("welcome.title")}>
        <Problem>{t("welcome.again")}</Problem>
        <Link to="/login" className={buttonClass("main", "min-h-11")}>
          {t("logIn")}
        </Link>
      </EntryPage>
    );
  }
  if (!who) return <Loading />;

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = Object.fromEntries(
      [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]).filter(([, value]) => value),
    );
    register({ body: { ...(given as { username: string }), ticket, session: "cookie" } });
  };
  const invited = isApiError(error) && (/INVIT/.test(error.code) || "invite" in error.fields);
  return (
    <EntryPage title={t("welcome.title")}>
      <p className="text-ink-soft">{t("welcome.about", { label: who.label })}</p>
      <form onSubmit={submit} className="grid gap-4">
        {error && <Problem>{names.some((name) => fieldError(error, name)) ? t("marked") : friendly(error)}</Problem>}
        <TextField
          label={t("username")}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          defaultValue={who.username}
          required
          maxLength={30}
          hint={t("usernameHint")}
          problem={fieldError(error, "username")}
        />
        {who.email_verified ? (
          <p className="text-ink-soft">{t("welcome.emailVerified", { email: who.email })}</p>
        ) : (
          <TextField
            label={t("email")}
            name="email"
            type="email"
            autoComplete="email"
            defaultValue={who.email}
            required
            maxLength={254}
            problem={fieldError(error, "email")}
          />
        )}
        <TextField
          label={t("fullName")}
          name="full_name"
          autoComplete="name"
          defaultValue={who.full_name}
          maxLength={100}
          hint={t("optional")}
          problem={fieldError(error, "full_name")}
        />
        {invited && <TextField label={t("invitation")} name="invite" required problem={fieldError(error, "invite")} />}
        <Button type="submit" busy={isLoading} className="mt-1 min-h-11">
          {t("create")}
        </Button>
      </form>
    </EntryPage>
  );
}
