// Whom one might follow, and why; each can be put away for good.

import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { api } from "../../../api";
import type { Suggestion } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Avatar } from "../../../ui/Avatar";
import { IconButton } from "../../../ui/Button";
import { Verified } from "../../people/parts/AccountRow";
import { FollowPerson } from "../../people/parts/FollowPerson";
import { useReason } from "../hooks/useReason";

type Props = {
  /** How many are asked for, and how many of those are shown. */
  most: number;
  shown?: number;
  title: ReactNode;
  /** What stands there when nobody can be suggested. */
  otherwise?: ReactNode;
  narrow?: boolean;
};

export function Suggestions({ most, shown = most, title, otherwise = null, narrow = false }: Props) {
  const { currentData, isLoading } = api.useListSuggestionsQuery({ limit: most });
  const found = currentData?.data.slice(0, shown) ?? [];
  if (isLoading) return null;
  if (found.length === 0) return otherwise;
  return (
    <section className="grid gap-1">
      {title}
      <ul className="grid grid-cols-1">
        {found.map((suggestion) => (
          <li key={suggestion.user.user_id}>
            <Row suggestion={suggestion} narrow={narrow} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Row({ suggestion: { user, reason }, narrow }: { suggestion: Suggestion; narrow: boolean }) {
  const { t } = useTranslation("discovery");
  const why = useReason(reason);
  const [dismiss] = api.useDismissSuggestionMutation();
  return (
    <div className={`flex items-center gap-1 ${narrow ? "" : "pr-2"}`}>
      <Link
        to={`/@${user.username}`}
        className={`flex min-w-0 flex-1 items-center gap-3 rounded-s py-2 -outline-offset-2 ${narrow ? "" : "px-4 hover:bg-sunken"}`}
      >
        <Avatar user={user} size={narrow ? 32 : 44} />
        <span className="min-w-0">
          <span className="flex items-center gap-1 font-semibold">
            <span className="truncate">{user.username}</span>
            {user.is_verified && <Verified />}
          </span>
          {!narrow && user.full_name && (
            <span className="block truncate text-ink-soft" dir="auto">
              {user.full_name}
            </span>
          )}
          <span className={`block text-ink-faint text-xs ${narrow ? "truncate" : ""}`} title={narrow ? why : undefined}>
            {why}
          </span>
        </span>
      </Link>
      <FollowPerson person={user} />
      <IconButton
        label={t("suggestions.dismiss", { name: user.username })}
        className="text-ink-faint"
        onClick={() => dismiss({ userId: user.user_id })}
      >
        <X aria-hidden="true" className="size-4" />
      </IconButton>
    </div>
  );
}
