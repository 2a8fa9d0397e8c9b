// The second step of a log-in: app, passkeys, recovery codes.

import { useState } from "react";
import { api } from "../../../api";
import { useTranslation } from "../../../i18n";
import { Failed, Loading } from "../../../ui/states";
import { AppSettings } from "./AppSettings";
import { CodesDialog } from "./CodesDialog";
import { PasskeySettings } from "./PasskeySettings";
import { RecoverySettings } from "./RecoverySettings";

export function SecuritySettings() {
  useTranslation("accounts");
  const { currentData: security, error, refetch } = api.useGetSecurityQuery();
  const [codes, setCodes] = useState<string[]>([]);
  if (error && !security) return <Failed error={error} onRetry={refetch} />;
  if (!security) return <Loading />;
  return (
    <div className="max-w-[520px]">
      <AppSettings security={security} onCodes={setCodes} />
      <PasskeySettings security={security} onCodes={setCodes} />
      {(security.totp || security.passkeys.length > 0) && <RecoverySettings security={security} onCodes={setCodes} />}
      {codes.length > 0 && <CodesDialog codes={codes} onClose={() => setCodes([])} />}
    </div>
  );
}
