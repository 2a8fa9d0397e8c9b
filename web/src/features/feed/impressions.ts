// Which posts were seen, and for how long: gathered while one looks, told in batches.
import type { Impression } from "../../api/types";

const shortest = 300;
const rest = 10_000;
const enough = 50;
const mostAtOnce = 100;

export type Recorder = ReturnType<typeof recording>;

/** `send` takes at most a hundred impressions. A glance shorter than a third of a second is none. */
export function recording(send: (items: Impression[]) => void) {
  const inView = new Map<string, number>();
  let seen: Impression[] = [];
  let away = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = () => {
    clearTimeout(timer);
    timer = undefined;
    for (let at = 0; at < seen.length; at += mostAtOnce) send(seen.slice(at, at + mostAtOnce));
    seen = [];
  };
  const note = (postId: string, since: number) => {
    const dwell = Date.now() - since;
    if (dwell < shortest) return;
    seen.push({ post_id: postId, dwell_ms: dwell, at: new Date(since).toISOString() });
    if (seen.length >= enough) tell();
    else timer ??= setTimeout(tell, rest);
  };
  return {
    enter(postId: string) {
      if (!inView.has(postId)) inView.set(postId, Date.now());
    },
    leave(postId: string) {
      const since = inView.get(postId);
      inView.delete(postId);
      if (since !== undefined && !away) note(postId, since);
    },
    /** Nobody is looking any more: what was in view was seen until now, and all is told at once. */
    pause() {
      if (!away) for (const [postId, since] of inView) note(postId, since);
      away = true;
      tell();
    },
    resume() {
      if (!away) return;
      away = false;
      for (const postId of inView.keys()) inView.set(postId, Date.now());
    },
  };
}
