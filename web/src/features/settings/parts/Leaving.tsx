// Leaving for a while, or for good. What becomes of it is told on the log-in page.

import { useState } from "react";
import { useNavigate } from "react-router";
import { api } from "../../../api";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Failed, Loading } from "../../../ui/states";
import { Part } from "./Part";
import { WithPassword } from "./WithPassword";

export function Leaving() {
  const { t } = useTranslation("accounts");
  const { currentData: security, error, refetch } = api.useGetSecurityQuery();
  const [asking, setAsking] = useState<"deactivate" | "delete">();
  const [deactivate, hiding] = api.useDeactivateAccountMutation();
  const [erase, erasing] = api.useDeleteAccountMutation();
  const navigate = useNavigate();
  if (error && !security) return <Failed error={error} onRetry={refetch} />;
  if (!security) return <Loading />;
  const go = async (body: { password?: string }) => {
    const { data } = await (asking === "delete" ? erase({ body }) : deactivate({ body }));
    if (data) navigate("/login", { replace: true, state: { left: { erasedAt: data.erased_at } } });
  };
  const act = asking === "delete" ? erasing : hiding;
  return (
    <div className="max-w-[520px]">
      {(["deactivate", "delete"] as const).map((one) => (
        <Part key={one} title={t(`leave.${one}`)} about={t(`leave.${one}About`)}>
          <Button look="danger" onClick={() => setAsking(one)} className="justify-self-start">
            {t(`leave.${one}Act`)}
          </Button>
        </Part>
      ))}
      {asking && (
        <WithPassword
          title={t("leave.sure")}
          act={t(`leave.${asking}Act`)}
          has={security.has_password}
          error={act.error}
          busy={act.isLoading}
          danger
          onAct={go}
          onClose={() => setAsking(undefined)}
        >
          <p className="text-ink-soft">{t(`leave.${asking}About`)}</p>
        </WithPassword>
      )}
    </div>
  );
}
