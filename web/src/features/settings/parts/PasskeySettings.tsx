// Passkeys: made on this device, named, removed.

import { KeyRound } from "lucide-react";
import { useState } from "react";
import { api } from "../../../api";
import type { PasskeyInfo, Security } from "../../../api/types";
import { Trans, useTranslation } from "../../../i18n";
import { Ago } from "../../../ui/Ago";
import { Button } from "../../../ui/Button";
import { TextField } from "../../../ui/Field";
import { Problem } from "../../session/parts/Problem";
import { useDone } from "../hooks/useDone";
import { useNewPasskey } from "../hooks/useNewPasskey";
import { Part } from "./Part";
import { PasskeyName } from "./PasskeyName";
import { WithPassword } from "./WithPassword";

type Props = { security: Security; onCodes: (codes: string[]) => void };

export function PasskeySettings({ security, onCodes }: Props) {
  const { t } = useTranslation("accounts");
  const { data: ways } = api.useGetMethodsQuery();
  const [adding, setAdding] = useState(false);
  const { make, busy, problem } = useNewPasskey();
  const done = useDone();
  const possible = ways?.passkeys && "PublicKeyCredential" in window;
  const go = async (given: { password?: string }, form: FormData) => {
    const made = await make(given, String(form.get("name")).trim());
    if (!made) return;
    setAdding(false);
    done(t("passkeys.added"));
    onCodes(made.recovery_codes);
  };
  return (
    <Part title={t("passkeys.title")} about={t("passkeys.about")}>
      {security.passkeys.length > 0 && (
        <ul className="divide-y divide-line rounded-m bg-sheet frame-line">
          {security.passkeys.map((one) => (
            <Row key={one.passkey_id} passkey={one} security={security} />
          ))}
        </ul>
      )}
      {ways && !possible && <p className="text-ink-faint">{t("passkeys.impossible")}</p>}
      {possible && (
        <Button look="quiet" onClick={() => setAdding(true)} className="justify-self-start">
          {t("passkeys.add")}
        </Button>
      )}
      {adding && (
        <WithPassword
          title={t("passkeys.add")}
          act={t("passkeys.next")}
          has={security.has_password}
          error={problem === "device" ? undefined : problem}
          busy={busy}
          onAct={go}
          onClose={() => setAdding(false)}
        >
          {problem === "device" && <Problem>{t("passkeys.failed")}</Problem>}
          <TextField
            label={t("passkeys.name")}
            name="name"
            placeholder={t("passkeys.namePlaceholder")}
            maxLength={60}
          />
        </WithPassword>
      )}
    </Part>
  );
}

function Row({ passkey, security }: { passkey: PasskeyInfo; security: Security }) {
  const { t } = useTranslation("accounts");
  const [open, setOpen] = useState<"rename" | "remove">();
  const [remove, { error, isLoading }] = api.useRemovePasskeyMutation();
  const done = useDone();
  const { passkey_id: passkeyId, name, last_used_at: used } = passkey;
  const go = async (given: { password?: string }) => {
    const { error: refused } = await remove({ passkeyId, body: given });
    if (refused) return;
    done(t("passkeys.removed"));
  };
  return (
    <li className="flex flex-wrap items-center gap-3 p-4">
      <KeyRound aria-hidden="true" className="size-5 shrink-0 text-ink-faint" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{name}</p>
        <p className="text-ink-faint text-xs">
          {used ? (
            <Trans text={t("passkeys.used")} components={{ ago: <Ago time={used} long /> }} />
          ) : (
            t("passkeys.unused")
          )}
        </p>
      </div>
      <Button look="quiet" onClick={() => setOpen("rename")} aria-label={t("passkeys.renameWhich", { name })}>
        {t("passkeys.rename")}
      </Button>
      <Button look="danger" onClick={() => setOpen("remove")} aria-label={t("passkeys.removeWhich", { name })}>
        {t("passkeys.remove")}
      </Button>
      {open === "rename" && <PasskeyName passkey={passkey} onClose={() => setOpen(undefined)} />}
      {open === "remove" && (
        <WithPassword
          title={t("passkeys.removeWhich", { name })}
          act={t("passkeys.remove")}
          has={security.has_password}
          error={error}
          busy={isLoading}
          danger
          onAct={go}
          onClose={() => setOpen(undefined)}
        />
      )}
    </li>
  );
}
