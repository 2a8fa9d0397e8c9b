// Playing a video: in view and muted by itself, one at a time, with sound once somebody asked for it.

import { useCallback, useEffect, useRef, useState } from "react";
import { attach } from "./attach";

const seen = 0.6;
let playing: HTMLVideoElement | null = null;
/** The films on the page: how much of each is in view, and how it starts by itself. */
const stage = new Map<HTMLVideoElement, { share: number; start: () => void }>();

/** Lets the topmost film in view play, unless one that is in view plays already. */
function direct() {
  if (playing && !playing.paused && (stage.get(playing)?.share ?? 0) >= seen) return;
  const inView = [...stage].filter(([, { share }]) => share >= seen);
  const top = (film: HTMLVideoElement) => film.getBoundingClientRect().top;
  inView.sort(([one], [other]) => top(one) - top(other))[0]?.[1].start();
}

/** Pauses a film, also one that only tries to play as yet. */
function rest(film: HTMLVideoElement) {
  if (playing === film) playing = null;
  film.pause();
}

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
    for (let tries = 0; tries < 3 && playing === film; tries++) {
      try {
        return await film.play();
      } catch (problem) {
        // Its stream came meanwhile, or there is no leave for sound: then it starts without.
        if (problem instanceof DOMException && problem.name === "NotAllowedError") film.muted = true;
      }
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
    const start = () => {
      if (mayStart && !held.current && !isCalm()) void play();
    };
    const inView = new IntersectionObserver(
      ([entry]) => {
        if (!entry) return;
        stage.set(film, { share: entry.intersectionRatio, start });
        if (entry.intersectionRatio < seen) rest(film);
        direct();
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
      rest(film);
      stage.delete(film);
    };
  }, [address, mayStart, play]);

  const toggle = () => {
    const film = video.current;
    held.current = film?.paused === false;
    if (film && held.current) rest(film);
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
