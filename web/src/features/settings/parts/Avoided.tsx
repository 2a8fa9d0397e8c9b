// Whom one has blocked or muted, and taking that back.
import { Ban, BellOff } from "lucide-react";
import type { ReactNode } from "react";
import { api } from "../../../api";
import { accountsOf } from "../../../api/lists";
import type { Account } from "../../../api/types";
import { Button } from "../../../ui/Button";
import { Blank } from "../../../ui/states";
import { AccountList } from "../../people/parts/AccountList";

export function Blocked() {
  const list = api.useBlockedInfiniteQuery(undefined, { refetchOnMountOrArgChange: true });
  const [unblock, { isLoading }] = api.useUnblockMutation();
  return (
    <Avoided
      list={list}
      about="You and they see nothing of each other. They are not told."
      act="Unblock"
      busy={isLoading}
      onAct={({ user_id: userId }) => unblock({ userId })}
      empty={<Blank icon={<Ban />} title="You have blocked nobody" />}
    />
  );
}

export function Muted() {
  const list = api.useMutedInfiniteQuery(undefined, { refetchOnMountOrArgChange: true });
  const [unmute, { isLoading }] = api.useUnmuteMutation();
  return (
    <Avoided
      list={list}
      about="Their posts stay out of your home feed. You still find them on their profiles, and they are not told."
      act="Unmute"
      busy={isLoading}
      onAct={({ user_id: userId }) => unmute({ userId })}
      empty={<Blank icon={<BellOff />} title="You have muted nobody" />}
    />
  );
}

type Props = {
  list: Parameters<typeof AccountList>[0]["list"] & { currentData?: Parameters<typeof accountsOf>[0] };
  about: string;
  act: string;
  busy: boolean;
  onAct: (account: Account) => unknown;
  empty: ReactNode;
};

function Avoided({ list, about, act, busy, onAct, empty }: Props) {
  return (
    <div className="-mx-4 max-w-[560px]">
      <p className="px-4 text-ink-soft">{about}</p>
      <AccountList
        list={list}
        accounts={accountsOf(list.currentData)}
        empty={empty}
        act={(account) => (
          <Button look="quiet" disabled={busy} aria-label={`${act} ${account.username}`} onClick={() => onAct(account)}>
            {act}
          </Button>
        )}
      />
    </div>
  );
}
