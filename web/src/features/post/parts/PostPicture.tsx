// The pictures of a post; a tap shows who is in them, a double tap likes it.
import { CircleUserRound, Heart } from "lucide-react";
import { lazy, type PointerEvent, Suspense, useRef, useState } from "react";
import type { Post } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Photo } from "../../../ui/Photo";
import { useLike } from "../hooks/useLike";

const Carousel = lazy(() => import("./Carousel"));

type Props = { post: Post; sizes: string; first?: boolean; fit?: "cover" | "contain" };

export function PostPicture({ post, sizes, first, fit }: Props) {
  const { t } = useTranslation("post");
  const { put } = useLike(post);
  const [isNaming, setNaming] = useState(false);
  const [hearts, setHearts] = useState(0);
  const lastTap = useRef({ at: 0, x: 0, y: 0 });
  const tap = ({ target, clientX: x, clientY: y, timeStamp: at }: PointerEvent) => {
    if ((target as Element).closest("button, a")) return;
    setNaming(!isNaming);
    const { current: before } = lastTap;
    const twice = at - before.at < 320 && Math.hypot(x - before.x, y - before.y) < 30;
    lastTap.current = { at: twice ? 0 : at, x, y };
    if (!twice) return;
    put();
    if (post.viewer) setHearts(hearts + 1);
  };
  const [cover] = post.media;
  const isPlain = post.media.length === 1 && cover?.kind === "IMAGE" && post.tagged.length === 0;
  const photo = cover && <Photo media={cover} sizes={sizes} first={first} fit={fit} />;
  return (
    <div className="absolute inset-0 touch-manipulation select-none" onPointerUp={tap}>
      {isPlain ? (
        photo
      ) : (
        <Suspense fallback={photo}>
          <Carousel
            media={post.media}
            sizes={sizes}
            first={first}
            fit={fit}
            tagged={isNaming ? post.tagged : undefined}
          />
        </Suspense>
      )}
      {post.tagged.length > 0 && (
        <button
          type="button"
          aria-pressed={isNaming}
          aria-label={isNaming ? t("hideTagged") : t("showTagged")}
          title={isNaming ? t("hideTagged") : t("showTagged")}
          onClick={() => setNaming(!isNaming)}
          className="absolute bottom-3 left-3 grid size-8 place-items-center rounded-full bg-veil text-white"
        >
          <CircleUserRound className="size-4.5" aria-hidden="true" />
        </button>
      )}
      {hearts > 0 && (
        <Heart
          key={hearts}
          aria-hidden="true"
          className="pointer-events-none absolute inset-0 m-auto size-24 animate-heart fill-white stroke-0 drop-shadow-[0_2px_12px_oklch(0_0_0/0.45)]"
          onAnimationEnd={() => setHearts(0)}
        />
      )}
    </div>
  );
}
