// The address: whether it is confirmed, and another one, which counts once its link was opened.

import { type FormEvent, useRef } from "react";
import { api } from "../../../api";
import { fieldError, friendly } from "../../../api/errors";
import type { Security } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { TextField } from "../../../ui/Field";
import { Problem } from "../../session/parts/Problem";
import { useDone } from "../hooks/useDone";
import { OwnPassword } from "./OwnPassword";
import { Part } from "./Part";

export function EmailForm({ security }: { security: Security }) {
  const { t } = useTranslation("accounts");
  const [change, { error, isLoading }] = api.useChangeEmailMutation();
  const [resend, again] = api.useResendVerificationMutation();
  const done = useDone();
  const form = useRef<HTMLFormElement>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const password = given.get("password");
    const body = {
      email: String(given.get("email")).trim(),
      ...(password === null ? {} : { password: String(password) }),
    };
    const { error: refused } = await change({ body });
    if (refused) return;
    form.current?.reset();
    done(t("email.sent"));
  };
  const sendAgain = async () => {
    const { error: refused } = await resend();
    done(refused ? friendly(refused) : t("email.sent"));
  };
  const atField = ["email", "password"].some((name) => fieldError(error, name));
  return (
    <Part
      title={t("email.title")}
      state={security.email_verified ? t("email.verified") : t("email.unverified")}
      about={<span className="break-all">{security.email}</span>}
    >
      {security.pending_email && (
        <p role="status" className="rounded-s bg-sunken px-3 py-2">
          {t("email.pending", { email: security.pending_email })}
        </p>
      )}
      {!security.email_verified && (
        <Button look="quiet" busy={again.isLoading} onClick={sendAgain} className="justify-self-start">
          {t("email.resend")}
        </Button>
      )}
      <form ref={form} onSubmit={submit} className="grid gap-4">
        {error && !atField && <Problem>{friendly(error)}</Problem>}
        <TextField
          label={t("email.label")}
          name="email"
          type="email"
          autoComplete="email"
          required
          maxLength={254}
          problem={fieldError(error, "email")}
        />
        <OwnPassword has={security.has_password} error={error} />
        <Button type="submit" busy={isLoading} className="justify-self-start">
          {t("email.save")}
        </Button>
      </form>
    </Part>
  );
}
