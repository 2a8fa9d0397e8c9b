// Playing a video: in view and muted by itself, one at a time, with sound once somebody asked for it.

import { useCallback, useEffect, useRef, useState } from "react";
import { attach } from "./attach";

const seen = 0.6;
let playing: HTMLVideoElement | null = null;
/** Who has asked for sound once hears the next video, too. */
let isSoundWanted = false;

const isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

export function useFilm(address: string | undefined, mayStart: boolean) {
  const video = useRef<HTMLVideoElement>(null);
  const [isNear, setNear] = useState(false);
  const [isPlaying, setPlaying] = useState(false);
  const [isMuted, setMuted] = useState(true);
  const [hasFailed, setFailed] = useState(false);
  const held = useRef(false);

  const play = useCallback(async () => {
    const film = video.current;
    if (!film) return;
    setNear(true);
    if (playing !== film) playing?.pause();
    playing = film;
    film.muted = !isSoundWanted;
    try {
      await film.play();
    } catch {
      // Without leave for sound it starts without.
      film.muted = true;
      await film.play().catch(() => undefined);
    }
  }, []);

  // The stream belongs to the element as long as that is near.
  useEffect(() => {
    const film = video.current;
    if (!film || !address || !isNear) return;
    setFailed(false);
    return attach(film, address, () => setFailed(true));
  }, [address, isNear]);

  // Where the element is on the screen is known only to an observer.
  useEffect(() => {
    const film = video.current;
    if (!film || !address) return;
    const inView = new IntersectionObserver(
      ([entry]) => {
        if (!entry) return;
        if (entry.intersectionRatio < seen) film.pause();
        else if (mayStart && !held.current && !isCalm()) void play();
      },
      { threshold: [0, seen] },
    );
    const around = new IntersectionObserver(([entry]) => setNear(Boolean(entry?.isIntersecting) && !isCalm()), {
      rootMargin: "50% 0px",
    });
    inView.observe(film);
    if (mayStart) around.observe(film);
    return () => {
      inView.disconnect();
      around.disconnect();
      film.pause();
      if (playing === film) playing = null;
    };
  }, [address, mayStart, play]);

  const toggle = () => {
    held.current = !video.current?.paused;
    if (held.current) video.current?.pause();
    else void play();
  };
  const hear = () => {
    const film = video.current;
    if (!film) return;
    isSoundWanted = film.muted;
    film.muted = !film.muted;
    if (film.paused) void play();
  };
  const skip = (seconds: number) => {
    const film = video.current;
    if (film) film.currentTime = Math.max(0, Math.min(film.duration || 0, film.currentTime + seconds));
  };
  const events = {
    onPlay: () => setPlaying(true),
    onPause: () => setPlaying(false),
    onVolumeChange: () => setMuted(video.current?.muted ?? true),
  };
  return { video, events, isPlaying, isMuted, hasFailed, toggle, hear, skip };
}
