// Ways in besides a password: a passkey, and accounts elsewhere.

import { KeyRound } from "lucide-react";
import { api } from "../../../api";
import { friendly } from "../../../api/errors";
import { useTranslation } from "../../../i18n";
import { Button, buttonClass } from "../../../ui/Button";
import { usePasskey } from "../hooks/usePasskey";
import { Problem } from "./Problem";

export function OtherWays({ next = "/" }: { next?: string }) {
  const { t } = useTranslation("session");
  const { data: ways } = api.useGetMethodsQuery();
  const { show, busy, problem } = usePasskey();
  const withPasskeys = ways?.passkeys && "PublicKeyCredential" in window;
  if (!ways || (!withPasskeys && ways.providers.length === 0)) return null;
  return (
    <div className="grid gap-3">
      <p className="flex items-center gap-3 text-ink-faint text-xs before:flex-1 before:border-line before:border-t after:flex-1 after:border-line after:border-t">
        {t("or")}
      </p>
      {problem !== undefined && <Problem>{problem === "device" ? t("passkeyFailed") : friendly(problem)}</Problem>}
      {withPasskeys && (
        <Button look="quiet" busy={busy} onClick={() => show()} className="min-h-11">
          <KeyRound className="size-4" aria-hidden="true" />
          {t("passkey")}
        </Button>
      )}
      {ways.providers.map(({ name, label }) => (
        <a
          key={name}
          href={`/api/v1/auth/oidc/${name}/start?next=${encodeURIComponent(next)}`}
          className={buttonClass("quiet", "min-h-11")}
        >
          {t("provider", { label })}
        </a>
      ))}
    </div>
  );
}
