// Beside the feed on wide screens: oneself, and the small print.
import { useState } from "react";
import { Link } from "react-router";
import { ShortcutList } from "../../../app/Shortcuts";
import { counted } from "../../../lib/numbers";
import { Avatar } from "../../../ui/Avatar";
import { buttonClass } from "../../../ui/Button";
import { useSession } from "../../session/hooks/useSession";

export function Aside() {
  const { me } = useSession();
  const [listing, setListing] = useState(false);
  if (!me) return null;
  return (
    <aside aria-label="You" className="hidden w-[320px] shrink-0 pt-3 xl:block">
      <div className="sticky top-9 grid gap-5">
        <Link to={`/@${me.username}`} className="flex items-center gap-3 rounded-m">
          <Avatar user={me} size={44} />
          <span className="min-w-0">
            <span className="block truncate font-semibold">{me.username}</span>
            <span className="block truncate text-ink-faint" dir="auto">
              {me.full_name || counted(me.post_count, "post")}
            </span>
          </span>
        </Link>
        <div className="grid gap-3 rounded-m bg-sheet p-4 frame-line">
          <p className="font-semibold">
            {me.following_count
              ? `You follow ${counted(me.following_count, "person", "people")}`
              : "You follow nobody yet"}
          </p>
          <p className="text-ink-soft">Know someone here? Look them up by name and follow them to see their photos.</p>
          <Link to="/people" className={buttonClass("quiet", "justify-self-start")}>
            Find people
          </Link>
        </div>
        <footer className="flex gap-3 text-ink-faint text-xs">
          <span>Tintype</span>
          <button type="button" onClick={() => setListing(true)} className="rounded-s hover:underline">
            Keyboard shortcuts
          </button>
          <Link to="/settings" className="rounded-s hover:underline">
            Settings
          </Link>
        </footer>
      </div>
      {listing && <ShortcutList onClose={() => setListing(false)} />}
    </aside>
  );
}
