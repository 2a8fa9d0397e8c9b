import { BadgeCheck } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Account } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Avatar } from "../../../ui/Avatar";

/** A person in a list, and what may be done about them. */
export function AccountRow({ account, act }: { account: Account; act?: ReactNode }) {
  return (
    <div className={`flex flex-wrap items-center gap-x-2 ${act ? "pr-4" : ""}`}>
      <Link
        to={`/@${account.username}`}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-s px-4 py-2 -outline-offset-2 transition-colors hover:bg-sunken"
      >
        <Avatar user={account} size={44} />
        <span className="min-w-0">
          <span className="flex items-center gap-1 font-semibold">
            <span className="truncate">{account.username}</span>
            {account.is_verified && <Verified />}
          </span>
          <span className="block truncate text-ink-faint" dir="auto">
            {account.full_name}
          </span>
        </span>
      </Link>
      {act}
    </div>
  );
}

export function Verified() {
  const { t } = useTranslation();
  return (
    <span role="img" aria-label={t("verified")} title={t("verified")} className="inline-flex shrink-0">
      <BadgeCheck aria-hidden="true" className="size-4 fill-amber stroke-plate" />
    </span>
  );
}
