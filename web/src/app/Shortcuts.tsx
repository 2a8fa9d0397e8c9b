// The keys that work everywhere.

import { lazy, Suspense, useEffect, useEffectEvent, useState } from "react";
import { useNavigate } from "react-router";
import { useSession } from "../features/session/hooks/useSession";
import { shortcutsOn } from "../lib/theme";
import { likePost, openPost, showNewPosts, stepPost } from "./postKeys";
import { useOpenCompose } from "./useUnder";

const ShortcutList = lazy(() => import("./ShortcutList"));

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
  return listed ? (
    <Suspense>
      <ShortcutList onClose={() => setListed(false)} />
    </Suspense>
  ) : null;
}
