// The second step of a log-in: a code of the app, a recovery code, or a passkey.

import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { api } from "../../../api";
import { fieldError, friendly } from "../../../api/errors";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { TextField } from "../../../ui/Field";
import { usePasskey } from "../hooks/usePasskey";
import { EntryPage } from "./EntryPage";
import { Problem } from "./Problem";

export type Step = { challenge: string; methods: string[] };

export function SecondStep({ step: { challenge, methods } }: { step: Step }) {
  const { t } = useTranslation("session");
  const [prove, { error, isLoading }] = api.useLoginSecondFactorMutation();
  const passkey = usePasskey();
  const [recovering, setRecovering] = useState(!methods.includes("totp") && !methods.includes("passkey"));
  const typing = recovering || methods.includes("totp");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code"));
    prove({ body: { challenge, code, session: "cookie" } });
  };
  const problem = passkey.problem ?? (fieldError(error, "code") ? undefined : error);
  return (
    <EntryPage title={t("step.title")}>
      {problem !== undefined && <Problem>{problem === "device" ? t("passkeyFailed") : friendly(problem)}</Problem>}
      {typing && (
        <form key={String(recovering)} onSubmit={submit} className="grid gap-4">
          <TextField
            label={recovering ? t("step.recovery") : t("step.code")}
            name="code"
            autoComplete="one-time-code"
            inputMode={recovering ? "text" : "numeric"}
            autoCapitalize="none"
            spellCheck={false}
            required
            maxLength={40}
            hint={recovering ? t("step.recoveryAbout") : t("step.totp")}
            problem={fieldError(error, "code")}
          />
          <Button type="submit" busy={isLoading} className="min-h-11">
            {t("step.go")}
          </Button>
        </form>
      )}
      {methods.includes("passkey") && (
        <Button look="quiet" busy={passkey.busy} onClick={() => passkey.show(challenge)} className="min-h-11">
          <KeyRound className="size-4" aria-hidden="true" />
          {t("step.passkey")}
        </Button>
      )}
      {methods.includes("recovery") && (
        <Button look="plain" onClick={() => setRecovering(!recovering)}>
          {recovering && methods.includes("totp") ? t("step.useApp") : t("step.useRecovery")}
        </Button>
      )}
      <a href="/login" className="justify-self-center text-ink-soft underline-offset-4 hover:underline">
        {t("backToLogin")}
      </a>
    </EntryPage>
  );
}
