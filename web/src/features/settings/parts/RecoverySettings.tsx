// Codes on paper, for when app and passkeys are lost.

import { useState } from "react";
import { api } from "../../../api";
import type { Security } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Part } from "./Part";
import { WithPassword } from "./WithPassword";

type Props = { security: Security; onCodes: (codes: string[]) => void };

export function RecoverySettings({ security, onCodes }: Props) {
  const { t } = useTranslation("accounts");
  const [asking, setAsking] = useState(false);
  const [make, { error, isLoading }] = api.useNewRecoveryCodesMutation();
  const go = async (given: { password?: string }) => {
    const { data } = await make({ body: given });
    if (!data) return;
    setAsking(false);
    onCodes(data.recovery_codes);
  };
  return (
    <Part
      title={t("codes.title")}
      about={t("codes.about")}
      state={t("codes.left", { count: security.recovery_codes_left })}
    >
      <Button look="quiet" onClick={() => setAsking(true)} className="justify-self-start">
        {t("codes.make")}
      </Button>
      {asking && (
        <WithPassword
          title={t("codes.title")}
          act={t("codes.make")}
          has={security.has_password}
          error={error}
          busy={isLoading}
          onAct={go}
          onClose={() => setAsking(false)}
        />
      )}
    </Part>
  );
}
