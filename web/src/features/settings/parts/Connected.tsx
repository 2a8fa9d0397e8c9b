// Accounts elsewhere by which one may log in.

import { Link2 } from "lucide-react";
import { useSearchParams } from "react-router";
import { api } from "../../../api";
import { friendly } from "../../../api/errors";
import type { IdentityInfo } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Failed, Loading } from "../../../ui/states";
import { Problem } from "../../session/parts/Problem";
import { Refused } from "../../session/parts/Refused";
import { useDone } from "../hooks/useDone";

export function Connected() {
  const { t } = useTranslation("accounts");
  const { currentData: security, error, refetch } = api.useGetSecurityQuery();
  const { data: ways } = api.useGetMethodsQuery();
  const [came] = useSearchParams();
  const refused = came.get("error");
  if (error && !security) return <Failed error={error} onRetry={refetch} />;
  if (!security || !ways) return <Loading />;
  return (
    <div className="grid max-w-[520px] gap-4">
      <p className="text-ink-soft">{ways.providers.length > 0 ? t("identities.about") : t("identities.none")}</p>
      {refused && <Refused code={refused} />}
      {came.has("linked") && (
        <p role="status" className="text-ok">
          {t("identities.linked")}
        </p>
      )}
      {ways.providers.length > 0 && (
        <ul className="divide-y divide-line rounded-m bg-sheet frame-line">
          {ways.providers.map(({ name, label }) => (
            <Row
              key={name}
              name={name}
              label={label}
              identity={security.identities.find(({ provider }) => provider === name)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

type Props = { name: string; label: string; identity?: IdentityInfo };

function Row({ name: provider, label, identity }: Props) {
  const { t } = useTranslation("accounts");
  const [link, linking] = api.useLinkProviderMutation();
  const [unlink, unlinking] = api.useUnlinkProviderMutation();
  const done = useDone();
  const connect = async () => {
    const { data } = await link({ provider });
    if (data) window.location.assign(data.url);
  };
  const disconnect = async () => {
    const { error } = await unlink({ provider });
    if (!error) done(t("identities.unlinked"));
  };
  const problem = linking.error ?? unlinking.error;
  return (
    <li className="grid gap-3 p-4">
      <div className="flex items-center gap-3">
        <Link2 aria-hidden="true" className="size-5 shrink-0 text-ink-faint" />
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{label}</p>
          <p className="truncate text-ink-faint text-xs">{identity ? identity.email : t("identities.not")}</p>
        </div>
        {identity ? (
          <Button
            look="quiet"
            busy={unlinking.isLoading}
            onClick={disconnect}
            aria-label={t("identities.disconnectWhich", { label })}
          >
            {t("identities.disconnect")}
          </Button>
        ) : (
          <Button
            look="quiet"
            busy={linking.isLoading}
            onClick={connect}
            aria-label={t("identities.connectWhich", { label })}
          >
            {t("identities.connect")}
          </Button>
        )}
      </div>
      {problem && <Problem>{friendly(problem)}</Problem>}
    </li>
  );
}
