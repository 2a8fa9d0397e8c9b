// Beside the feed on wide screens: oneself, and the small print.

import { Suspense, useState } from "react";
import { Link } from "react-router";
import type { Me } from "../../../api/types";
import ShortcutList from "../../../app/ShortcutList";
import { useTranslation } from "../../../i18n";
import { Avatar } from "../../../ui/Avatar";
import { buttonClass } from "../../../ui/Button";
import { Suggestions } from "../../discovery/parts/Suggestions";
import { useSession } from "../../session/hooks/useSession";

export default function Aside() {
  const { t } = useTranslation(["feed", "common"]);
  const { me } = useSession();
  const [listing, setListing] = useState(false);
  if (!me) return null;
  return (
    <aside aria-label={t("aboutYou")} className="hidden w-[320px] shrink-0 pt-3 xl:block">
      <div className="sticky top-9 grid gap-5">
        <Link to={`/@${me.username}`} className="flex items-center gap-3 rounded-m">
          <Avatar user={me} size={44} />
          <span className="min-w-0">
            <span className="block truncate font-semibold">{me.username}</span>
            <span className="block truncate text-ink-faint" dir="auto">
              {me.full_name || t("common:postsCount", { count: me.post_count })}
            </span>
          </span>
        </Link>
        <Suspense>
          <Suggested me={me} />
        </Suspense>
        <footer className="flex gap-3 text-ink-faint text-xs">
          <span>Tintype</span>
          <button type="button" onClick={() => setListing(true)} className="rounded-s hover:underline">
            {t("common:shortcuts.title")}
          </button>
          <Link to="/settings" className="rounded-s hover:underline">
            {t("common:settings")}
          </Link>
        </footer>
      </div>
      {listing && <ShortcutList onClose={() => setListing(false)} />}
    </aside>
  );
}

function Suggested({ me }: { me: Me }) {
  const { t } = useTranslation("discovery");
  return (
    <Suggestions
      most={20}
      shown={5}
      narrow
      title={
        <p className="flex items-baseline justify-between gap-3">
          <span className="font-semibold text-ink-soft">{t("suggestions.title")}</span>
          <Link to="/people" className="rounded-s py-1 font-semibold text-xs hover:text-ink-soft">
            {t("suggestions.seeAll")}
          </Link>
        </p>
      }
      otherwise={<FindPeople me={me} />}
    />
  );
}

/** Where nobody can be suggested. */
function FindPeople({ me }: { me: Me }) {
  const { t } = useTranslation("feed");
  return (
    <div className="grid gap-3 rounded-m bg-sheet p-4 frame-line">
      <p className="font-semibold">
        {me.following_count ? t("following", { count: me.following_count }) : t("followingNobody")}
      </p>
      <p className="text-ink-soft">{t("lookUp")}</p>
      <Link to="/people" className={buttonClass("quiet", "justify-self-start")}>
        {t("findPeople")}
      </Link>
    </div>
  );
}
