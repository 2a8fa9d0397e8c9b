// Where one is signed in, and ending that.

import { Monitor, Smartphone } from "lucide-react";
import { api } from "../../../api";
import { friendly } from "../../../api/errors";
import type { SessionInfo } from "../../../api/types";
import { useAppDispatch } from "../../../app/store";
import { Trans, t, useTranslation } from "../../../i18n";
import { language } from "../../../i18n/languages";
import { device } from "../../../lib/device";
import { Ago } from "../../../ui/Ago";
import { Button } from "../../../ui/Button";
import { Failed, Loading } from "../../../ui/states";
import { showToast } from "../../../ui/toasts";

export function Sessions() {
  const { t } = useTranslation("settings");
  const {
    currentData: sessions,
    error,
    refetch,
  } = api.useListSessionsQuery(undefined, { refetchOnMountOrArgChange: true });
  if (!sessions && error) return <Failed error={error} onRetry={refetch} />;
  if (!sessions) return <Loading label={t("sessions.loading")} />;
  return (
    <>
      <p className="pb-4 text-ink-soft">{t("sessions.about")}</p>
      <ul className="divide-y divide-line rounded-m bg-sheet frame-line">
        {sessions.data.map((session) => (
          <Row key={session.session_id} session={session} />
        ))}
      </ul>
    </>
  );
}

/** The address, and the country where it is known. */
function placeOf({ ip, country }: SessionInfo): string {
  if (!country) return ip;
  return t("settings:sessions.place", {
    ip,
    country: new Intl.DisplayNames(language(), { type: "region" }).of(country),
  });
}

function Row({ session }: { session: SessionInfo }) {
  const { t } = useTranslation("settings");
  const [revoke, { isLoading }] = api.useRevokeSessionMutation();
  const dispatch = useAppDispatch();
  const agent = device(session.user_agent);
  const Icon = agent.phone ? Smartphone : Monitor;
  const end = async () => {
    const { error } = await revoke({ sessionId: session.session_id });
    dispatch(
      showToast(error ? { text: friendly(error), tone: "error" } : { text: t("sessions.out", { device: agent.name }) }),
    );
  };
  return (
    <li className="flex items-center gap-4 p-4">
      <Icon aria-hidden="true" className="size-6 shrink-0 text-ink-faint" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{agent.name}</p>
        <p className="text-ink-faint text-xs">
          {session.ip && <span className="break-all">{placeOf(session)} · </span>}
          {session.current ? (
            <span className="text-ok">{t("sessions.this")}</span>
          ) : (
            <Trans text={t("sessions.used")} components={{ ago: <Ago time={session.last_used_at} long /> }} />
          )}
        </p>
      </div>
      {!session.current && (
        <Button look="quiet" busy={isLoading} onClick={end} aria-label={t("sessions.endWhich", { device: agent.name })}>
          {t("sessions.end")}
        </Button>
      )}
    </li>
  );
}
