// Keeps one's place on each page: a new page starts at its top, one gone back to where it was left.
import { useLayoutEffect } from "react";
import type { Location } from "react-router";
import type { Under } from "./useUnder";

/** How far down, and which post was where on the screen: posts above it may have another height on return. */
type Left = { y: number; postId?: string; top: number };

const places = new Map<string, Left>();
if (typeof history !== "undefined") history.scrollRestoration = "manual";

/** Home keeps its place however one comes back to it, unless asked for its top. */
export function placeOf({ pathname, key, state }: Location<Under | null>): string {
  return pathname === "/" && !state?.top ? "/" : key;
}

function leave(): Left {
  const under = document.elementFromPoint(window.innerWidth / 2, window.innerHeight / 3);
  const post = under?.closest<HTMLElement>("[data-post-id]");
  return { y: window.scrollY, postId: post?.dataset.postId, top: post?.getBoundingClientRect().top ?? 0 };
}

function find({ y, postId, top }: Left): number {
  const post = postId && document.querySelector(`[data-post-id="${postId}"]`);
  return post ? post.getBoundingClientRect().top + window.scrollY - top : y;
}

/** Posts near the screen are drawn with the next frames, and may turn out higher than when they were left. */
function stay(left: Left): () => void {
  let frames = 4;
  let next = 0;
  const again = () => {
    const wanted = find(left);
    if (Math.abs(wanted - window.scrollY) > 1) window.scrollTo(0, wanted);
    frames -= 1;
    if (frames > 0) next = requestAnimationFrame(again);
  };
  next = requestAnimationFrame(again);
  return () => cancelAnimationFrame(next);
}

export function usePlace(page: Location) {
  const place = placeOf(page);
  useLayoutEffect(() => {
    const left = places.get(place);
    window.scrollTo(0, left ? find(left) : 0);
    const stop = left && stay(left);
    // What was focused went with the page before: go on from the start of this one.
    if (document.activeElement === document.body) document.getElementById("main")?.focus({ preventScroll: true });
    const keep = () => places.set(place, leave());
    window.addEventListener("scroll", keep, { passive: true });
    return () => {
      stop?.();
      window.removeEventListener("scroll", keep);
    };
  }, [place]);
}
