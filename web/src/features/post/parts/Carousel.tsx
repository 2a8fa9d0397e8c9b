// Several pictures one can go through by swipe, buttons, arrow keys and dots; the browser does the swiping.

import { ChevronLeft, ChevronRight, type LucideIcon } from "lucide-react";
import { type KeyboardEvent, lazy, Suspense, useRef, useState } from "react";
import type { Media, Post } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Photo } from "../../../ui/Photo";
import { TaggedPeople } from "./TaggedPeople";

const Film = lazy(() => import("../film/Film"));

type Props = {
  media: Media[];
  sizes: string;
  first?: boolean;
  fit?: "cover" | "contain";
  /** Whose names stand in the pictures. */
  tagged?: Post["tagged"];
};

export default function Carousel({ media, sizes, first, fit, tagged = [] }: Props) {
  const { t } = useTranslation("post");
  const track = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState(0);
  const [only] = media;
  if (only?.kind === "VIDEO") {
    return (
      <Suspense fallback={<Photo media={only} sizes={sizes} first={first} fit={fit} />}>
        <Film media={only} sizes={sizes} first={first} fit={fit} />
      </Suspense>
    );
  }
  if (media.length === 1 && only) {
    return (
      <>
        <Photo media={only} sizes={sizes} first={first} fit={fit} />
        {tagged.length > 0 && <TaggedPeople tagged={tagged} media={only} fit={fit} />}
      </>
    );
  }

  const go = (to: number) => {
    const slides = track.current;
    slides?.scrollTo({
      left: to * slides.clientWidth * (getComputedStyle(slides).direction === "rtl" ? -1 : 1),
      behavior: motion(),
    });
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    go(Math.max(0, Math.min(media.length - 1, at + step)));
  };
  return (
    <section
      aria-roledescription={t("carousel")}
      aria-label={t("pictures", { count: media.length })}
      className="group absolute inset-0"
      onKeyDown={press}
    >
      <ul
        ref={track}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={({ currentTarget: { scrollLeft, clientWidth } }) =>
          setAt(Math.round(Math.abs(scrollLeft) / clientWidth))
        }
        className="flex size-full snap-x snap-mandatory overflow-x-auto overscroll-x-contain -outline-offset-4 no-bar"
      >
        {media.map((one, index) => (
          <li
            key={one.media_id}
            className="relative size-full shrink-0 snap-center snap-always"
            aria-label={t("pictureOf", { at: index + 1, count: media.length })}
          >
            <Photo media={one} sizes={sizes} first={first && index === 0} fit={fit} />
            <TaggedPeople tagged={tagged.filter(({ n }) => n === index + 1)} media={one} fit={fit} />
          </li>
        ))}
      </ul>
      {at > 0 && <Step icon={ChevronLeft} side="left-2" label={t("previous")} onClick={() => go(at - 1)} />}
      {at < media.length - 1 && (
        <Step icon={ChevronRight} side="right-2" label={t("next")} onClick={() => go(at + 1)} />
      )}
      <p
        className="absolute top-3 right-3 rounded-full bg-veil px-2.5 py-0.5 font-medium text-white text-xs tabular-nums"
        aria-live="polite"
      >
        {at + 1}/{media.length}
      </p>
      <div
        className="pointer-events-none absolute inset-x-0 bottom-0 flex justify-center gap-1.5 pb-3"
        aria-hidden="true"
      >
        {media.map(({ media_id }, index) => (
          <span
            key={media_id}
            className={`size-1.5 rounded-full shadow-[0_0_2px_oklch(0_0_0/0.5)] transition-opacity ${index === at ? "bg-white" : "bg-white opacity-50"}`}
          />
        ))}
      </div>
    </section>
  );
}

type StepProps = { icon: LucideIcon; side: string; label: string; onClick: () => void };

function Step({ icon: Icon, side, label, onClick }: StepProps) {
  return (
    <button
      type="button"
      aria-label={label}
      onClick={onClick}
      className={`absolute top-1/2 ${side} grid size-8 -translate-y-1/2 place-items-center rounded-full bg-veil text-white opacity-0 transition-opacity focus-visible:opacity-100 group-hover:opacity-100 max-md:hidden`}
    >
      <Icon className="size-5" aria-hidden="true" />
    </button>
  );
}

const motion = (): ScrollBehavior =>
  window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
