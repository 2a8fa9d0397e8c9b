// One's own posts, what one has saved, and what one has put away.

import { Archive, Bookmark, Grid3x3, type LucideIcon } from "lucide-react";
import { NavLink } from "react-router";
import { useTranslation } from "../../../i18n";

export function OwnTabs({ username }: { username: string }) {
  const { t } = useTranslation("profile");
  return (
    <nav aria-label={t("tabs.label")} className="flex justify-center gap-2 border-line border-t px-2 md:gap-8">
      <Tab to={`/@${username}`} icon={Grid3x3} name={t("tabs.posts")} />
      <Tab to="/saved" icon={Bookmark} name={t("tabs.saved")} />
      <Tab to="/archive" icon={Archive} name={t("tabs.archive")} />
    </nav>
  );
}

function Tab({ to, icon: Icon, name }: { to: string; icon: LucideIcon; name: string }) {
  return (
    <NavLink
      to={to}
      end
      className="-mt-px flex min-h-11 items-center gap-2 border-transparent border-t-2 px-3 text-ink-faint hover:text-ink aria-[current=page]:border-ink aria-[current=page]:font-semibold aria-[current=page]:text-ink"
    >
      <Icon className="size-4" aria-hidden="true" />
      {name}
    </NavLink>
  );
}
