// The keys that work everywhere, and the dialog that lists them.

import { useEffect, useEffectEvent, useState } from "react";
import { useNavigate } from "react-router";
import { useSession } from "../features/session/hooks/useSession";
import { useTranslation } from "../i18n";
import { setShortcuts, shortcutsOn } from "../lib/theme";
import { Dialog } from "../ui/Dialog";
import { likePost, openPost, showNewPosts, stepPost } from "./postKeys";
import { useOpenCompose } from "./useUnder";

const keys = [
  ["H", "home"],
  ["/", "find"],
  ["N", "new"],
  ["P", "profile"],
  ["J  K", "step"],
  ["L", "like"],
  ["O", "open"],
  [".", "showNew"],
  ["←  →", "pictures"],
  ["Esc", "close"],
  ["?", "list"],
] as const;

const writing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]") !== null;

export function Shortcuts() {
  const [listed, setListed] = useState(false);
  const navigate = useNavigate();
  const { me, out } = useSession();
  const compose = useOpenCompose();
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const acts: Record<string, () => void> = { "?": () => setListed(true) };
    if (!out && shortcutsOn()) {
      Object.assign(acts, {
        h: () => navigate("/"),
        "/": () => navigate("/people"),
        n: compose,
        p: () => me && navigate(`/@${me.username}`),
        j: () => stepPost(1),
        k: () => stepPost(-1),
        l: likePost,
        o: openPost,
        ".": showNewPosts,
      });
    }
    const act = acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
  return listed ? <ShortcutList onClose={() => setListed(false)} /> : null;
}

export function ShortcutList({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t("shortcuts.title")} onClose={onClose}>
      <dl className="divide-y divide-line px-5 py-2">
        {keys.map(([key, what]) => (
          <div key={key} className="flex items-center justify-between gap-4 py-2.5">
            <dt>{t(`shortcuts.${what}`)}</dt>
            <dd className="flex gap-1">
              {key.split("  ").map((cap) => (
                <kbd
                  key={cap}
                  className="min-w-7 rounded-s bg-sunken px-2 py-1 text-center font-sans font-medium text-xs"
                >
                  {cap}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <label className="flex items-center gap-3 border-line border-t px-5 py-4">
        <input
          type="checkbox"
          defaultChecked={shortcutsOn()}
          onChange={(event) => setShortcuts(event.target.checked)}
          className="size-4"
        />
        {t("shortcuts.on")}
      </label>
    </Dialog>
  );
}
