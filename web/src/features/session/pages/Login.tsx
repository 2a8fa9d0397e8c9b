// Logging in, and back to where one was stopped.

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
import { Left } from "../parts/Left";
import { OtherWays } from "../parts/OtherWays";
import { PasswordField } from "../parts/PasswordField";
import { Problem } from "../parts/Problem";
import { Refused } from "../parts/Refused";
import { SecondStep, type Step } from "../parts/SecondStep";

/** A log-in that needs one more step: by a password just now, or by a provider, which came back with it. */
function stepOf(error: unknown, hash: string): Step | undefined {
  if (isApiError(error) && error.code === "SECOND_FACTOR_REQUIRED") return error.details as Step;
  const came = new URLSearchParams(hash.slice(1));
  const challenge = came.get("challenge");
  return challenge ? { challenge, methods: (came.get("methods") ?? "").split(",") } : undefined;
}

export default function Login() {
  const { t } = useTranslation("session");
  const { me } = useSession();
  const [login, { error, isLoading }] = api.useLoginMutation();
  const { state, hash } = useLocation();
  const { next = new URLSearchParams(hash.slice(1)).get("next") ?? "/", ended } = (state ?? {}) as Under;
  const refused = useSearchParams()[0].get("error");
  const step = stepOf(error, hash);
  if (me) return <Navigate to={next} replace />;
  if (isAwaiting(error)) return <Awaiting />;
  if (step) return <SecondStep step={step} />;

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
        <Left />
        {ended && !error && (
          <p role="status" className="rounded-s bg-sunken px-3 py-2">
            {t("ended")}
          </p>
        )}
        {error && <Problem>{friendly(error)}</Problem>}
        {refused && !error && <Refused code={refused} />}
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
        <Link to="/forgot" className="justify-self-center text-ink-soft underline-offset-4 hover:underline">
          {t("forgot")}
        </Link>
      </form>
      <OtherWays next={next} />
    </EntryPage>
  );
}
