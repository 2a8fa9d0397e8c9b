// A video in its box: the poster is there at once, the stream comes when it is looked at.

import { Captions, CaptionsOff, Pause, Play, Volume2, VolumeX } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import type { Media } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Photo } from "../../../ui/Photo";
import { Control } from "./Control";
import { Converting } from "./Converting";
import { useFilm } from "./useFilm";

type Props = { media: Media; sizes: string; first?: boolean; fit?: "cover" | "contain" };

const step = 5;

export default function Film({ media, sizes, first, fit = "cover" }: Props) {
  const { t } = useTranslation("film");
  const isReady = media.status === "ready";
  const { video, events, isPlaying, isMuted, hasFailed, toggle, hear, skip } = useFilm(media.urls.hls, isReady);
  const [hasBegun, setBegun] = useState(false);
  const [isCaptioned, setCaptioned] = useState(false);
  const line = useRef<HTMLDivElement>(null);
  const captions = media.captions ?? [];
  const caption = () => {
    setCaptioned(!isCaptioned);
    const [wanted] = [...(video.current?.textTracks ?? [])].filter(({ kind }) => kind === "captions");
    if (wanted) wanted.mode = isCaptioned ? "hidden" : "showing";
  };
  const press = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      " ": toggle,
      k: toggle,
      m: hear,
      c: caption,
      ArrowLeft: () => skip(-step),
      ArrowRight: () => skip(step),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const advance = () => {
    const { currentTime = 0, duration = 0 } = video.current ?? {};
    if (line.current) line.current.style.transform = `scaleX(${duration ? currentTime / duration : 0})`;
  };
  return (
    <section
      aria-label={t("video")}
      aria-keyshortcuts="Space M C"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys act on the player as a whole
      tabIndex={0}
      onKeyDown={press}
      className="group absolute inset-0 -outline-offset-4"
    >
      <Photo media={media} sizes={sizes} first={first} fit={fit} />
      {media.urls.hls && !hasFailed && (
        <video
          ref={video}
          {...events}
          muted
          loop={isReady}
          playsInline
          preload="none"
          aria-label={media.alt_text || t("video")}
          onPlaying={() => setBegun(true)}
          onTimeUpdate={advance}
          onClick={hear}
          className={`absolute inset-0 size-full transition-opacity ${fit === "cover" ? "object-cover" : "object-contain"} ${hasBegun ? "" : "opacity-0"}`}
        >
          {captions.map(({ language, label, url }) => (
            <track key={url} kind="captions" srcLang={language} label={label} src={url} />
          ))}
        </video>
      )}
      {hasFailed && <p className="absolute inset-x-3 top-3 rounded-s bg-veil px-3 py-1.5 text-white">{t("failed")}</p>}
      {!isReady && <Converting media={media} />}
      {media.urls.hls && !hasFailed && (
        <div className="absolute right-3 bottom-3 flex gap-2">
          {captions.length > 0 && (
            <Control
              icon={isCaptioned ? Captions : CaptionsOff}
              label={t("showCaptions")}
              pressed={isCaptioned}
              onClick={caption}
            />
          )}
          <Control icon={isMuted ? VolumeX : Volume2} label={isMuted ? t("soundOn") : t("soundOff")} onClick={hear} />
          <Control icon={isPlaying ? Pause : Play} label={isPlaying ? t("pause") : t("play")} onClick={toggle} />
        </div>
      )}
      <div aria-hidden="true" className="pointer-events-none absolute inset-x-0 bottom-0 h-0.5 bg-white/30">
        <div ref={line} className="h-full origin-left scale-x-0 bg-white rtl:origin-right" />
      </div>
    </section>
  );
}
