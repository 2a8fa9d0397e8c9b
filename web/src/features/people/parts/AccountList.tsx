// People by cursor, with what stands there before, without and after them.
import type { ReactNode } from "react";
import type { Account } from "../../../api/types";
import { More } from "../../../ui/More";
import { Bone, Failed } from "../../../ui/states";
import { AccountRow } from "./AccountRow";

type List = {
  isLoading: boolean;
  isFetchingNextPage: boolean;
  hasNextPage: boolean;
  error?: unknown;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
};

type Props<A> = { list: List; accounts: A[]; empty: ReactNode; act?: (account: A) => ReactNode };

export function AccountList<A extends Account>({ list, accounts, empty, act }: Props<A>) {
  if (list.isLoading) return <AccountBones />;
  if (list.error && accounts.length === 0) return <Failed error={list.error} onRetry={list.refetch} />;
  if (accounts.length === 0) return empty;
  return (
    <>
      <ul className="py-2">
        {accounts.map((account) => (
          <li key={account.user_id}>
            <AccountRow account={account} act={act?.(account)} />
          </li>
        ))}
      </ul>
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} error={list.error} onMore={list.fetchNextPage} />
    </>
  );
}

export function AccountBones() {
  return (
    <div className="animate-late py-2" aria-hidden="true">
      {["w-32", "w-24", "w-40", "w-28"].map((width) => (
        <div key={width} className="flex items-center gap-3 px-4 py-2">
          <Bone className="size-11 rounded-full" />
          <span className="grid gap-2">
            <Bone className={`h-3 ${width}`} />
            <Bone className="h-3 w-20" />
          </span>
        </div>
      ))}
    </div>
  );
}
