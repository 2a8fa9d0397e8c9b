// An authenticator app: set up by a QR code, confirmed by a code of it.

import { type FormEvent, useState } from "react";
import { api } from "../../../api";
import { fieldError, friendly } from "../../../api/errors";
import type { Security, TotpSetup } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { TextField } from "../../../ui/Field";
import { Problem } from "../../session/parts/Problem";
import { useDone } from "../hooks/useDone";
import { Part } from "./Part";
import { Qr } from "./Qr";
import { WithPassword } from "./WithPassword";

type Props = { security: Security; onCodes: (codes: string[]) => void };

export function AppSettings({ security, onCodes }: Props) {
  const { t } = useTranslation("accounts");
  const [asking, setAsking] = useState<"setUp" | "remove">();
  const [setup, setSetup] = useState<TotpSetup>();
  const [setUp, starting] = api.useSetUpTotpMutation();
  const [remove, removing] = api.useRemoveTotpMutation();
  const done = useDone();
  const act = security.totp ? "remove" : "setUp";
  const go = async (given: { password?: string }) => {
    if (asking === "remove") {
      const { error } = await remove({ body: given });
      if (error) return;
      done(t("totp.removed"));
    } else {
      const { data } = await setUp({ body: given });
      if (!data) return;
      setSetup(data);
    }
    setAsking(undefined);
  };
  return (
    <Part title={t("totp.title")} about={t("totp.about")} state={security.totp ? t("totp.on") : t("totp.off")}>
      <Button look={security.totp ? "danger" : "quiet"} onClick={() => setAsking(act)} className="justify-self-start">
        {t(`totp.${act}`)}
      </Button>
      {asking && (
        <WithPassword
          title={t("totp.title")}
          act={t(`totp.${asking}`)}
          has={security.has_password}
          error={asking === "remove" ? removing.error : starting.error}
          busy={removing.isLoading || starting.isLoading}
          danger={asking === "remove"}
          onAct={go}
          onClose={() => setAsking(undefined)}
        />
      )}
      {setup && <Confirming setup={setup} onCodes={onCodes} onClose={() => setSetup(undefined)} />}
    </Part>
  );
}

type ConfirmingProps = { setup: TotpSetup; onCodes: (codes: string[]) => void; onClose: () => void };

function Confirming({ setup, onCodes, onClose }: ConfirmingProps) {
  const { t } = useTranslation("accounts");
  const [confirm, { error, isLoading }] = api.useConfirmTotpMutation();
  const done = useDone();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { data } = await confirm({ body: { code: String(new FormData(event.currentTarget).get("code")) } });
    if (!data) return;
    done(t("totp.done"));
    onClose();
    onCodes(data.recovery_codes);
  };
  return (
    <Dialog low title={t("totp.title")} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4 p-5 pb-[calc(1.25rem+env(safe-area-inset-bottom))]">
        <p className="text-ink-soft">{t("totp.scan")}</p>
        <Qr text={setup.uri} label={t("totp.qr")} />
        <p>
          {t("totp.secret")} <code className="break-all font-mono font-semibold">{setup.secret}</code>
        </p>
        {error && !fieldError(error, "code") && <Problem>{friendly(error)}</Problem>}
        <TextField
          label={t("totp.code")}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          maxLength={10}
          problem={fieldError(error, "code")}
        />
        <Button type="submit" busy={isLoading} className="justify-self-end">
          {t("totp.confirm")}
        </Button>
      </form>
    </Dialog>
  );
}
