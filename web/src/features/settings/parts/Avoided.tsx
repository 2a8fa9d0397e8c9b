// Whom one has blocked or muted, and taking that back.

import { Ban, BellOff } from "lucide-react";
import type { ReactNode } from "react";
import { api } from "../../../api";
import { accountsOf } from "../../../api/lists";
import type { Account } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Blank } from "../../../ui/states";
import { AccountList } from "../../people/parts/AccountList";

export function Blocked() {
  const { t } = useTranslation("settings");
  const list = api.useBlockedInfiniteQuery(undefined, { refetchOnMountOrArgChange: true });
  const [unblock, { isLoading }] = api.useUnblockMutation();
  return (
    <Avoided
      list={list}
      about={t("blockedAbout")}
      act={t("unblock")}
      actOn="unblockWhom"
      busy={isLoading}
      onAct={({ user_id: userId }) => unblock({ userId })}
      empty={<Blank icon={<Ban />} title={t("blockedNone")} />}
    />
  );
}

export function Muted() {
  const { t } = useTranslation("settings");
  const list = api.useMutedInfiniteQuery(undefined, { refetchOnMountOrArgChange: true });
  const [unmute, { isLoading }] = api.useUnmuteMutation();
  return (
    <Avoided
      list={list}
      about={t("mutedAbout")}
      act={t("unmute")}
      actOn="unmuteWhom"
      busy={isLoading}
      onAct={({ user_id: userId }) => unmute({ userId })}
      empty={<Blank icon={<BellOff />} title={t("mutedNone")} />}
    />
  );
}

type Props = {
  list: Parameters<typeof AccountList>[0]["list"] & { currentData?: Parameters<typeof accountsOf>[0] };
  about: string;
  act: string;
  actOn: "unblockWhom" | "unmuteWhom";
  busy: boolean;
  onAct: (account: Account) => unknown;
  empty: ReactNode;
};

function Avoided({ list, about, act, actOn, busy, onAct, empty }: Props) {
  const { t } = useTranslation("settings");
  return (
    <div className="-mx-4 max-w-[560px]">
      <p className="px-4 text-ink-soft">{about}</p>
      <AccountList
        list={list}
        accounts={accountsOf(list.currentData)}
        empty={empty}
        act={(account) => (
          <Button
            look="quiet"
            disabled={busy}
            aria-label={t(actOn, { name: account.username })}
            onClick={() => onAct(account)}
          >
            {act}
          </Button>
        )}
      />
    </div>
  );
}
