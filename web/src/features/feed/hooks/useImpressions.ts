// Records which posts are in view while someone looks. Nothing is recorded when they chose so.
import { useEffect, useState } from "react";
import { api } from "../../../api";
import { useAppDispatch } from "../../../app/store";
import { recording } from "../impressions";

/** Returns a ref for each article of the list; its `data-post-id` says which post it is. */
export function useImpressions(on: boolean) {
  const dispatch = useAppDispatch();
  const [{ recorder, watch }] = useState(() => {
    const recorder = recording((items) => {
      dispatch(api.endpoints.recordImpressions.initiate({ body: { items } }, { track: false }));
    });
    return { recorder, watch: watching(recorder) };
  });
  useEffect(() => {
    const look = () => (document.hidden ? recorder.pause() : recorder.resume());
    document.addEventListener("visibilitychange", look);
    window.addEventListener("pagehide", recorder.pause);
    window.addEventListener("pageshow", recorder.resume);
    look();
    return () => {
      document.removeEventListener("visibilitychange", look);
      window.removeEventListener("pagehide", recorder.pause);
      window.removeEventListener("pageshow", recorder.resume);
      recorder.pause();
    };
  }, [recorder]);
  return on ? watch : undefined;
}

/** In view is what shows half of itself, or fills half the screen. */
function watching(recorder: ReturnType<typeof recording>) {
  let observer: IntersectionObserver | undefined;
  const look = (entries: IntersectionObserverEntry[]) => {
    for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
      const postId = (target as HTMLElement).dataset.postId ?? "";
      const shows = intersectionRatio >= 0.5 || intersectionRect.height >= (rootBounds?.height ?? Infinity) / 2;
      if (shows) recorder.enter(postId);
      else recorder.leave(postId);
    }
  };
  return (article: HTMLElement | null) => {
    if (!article) return;
    observer ??= new IntersectionObserver(look, { threshold: [0, 0.25, 0.5, 0.75, 1] });
    observer.observe(article);
    return () => {
      observer?.unobserve(article);
      recorder.leave(article.dataset.postId ?? "");
    };
  };
}
