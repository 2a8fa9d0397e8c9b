// The pictures of a post; a double tap likes it.
import { Heart } from "lucide-react";
import { type PointerEvent, useRef, useState } from "react";
import type { Post } from "../../../api/types";
import { useLike } from "../hooks/useLike";
import { Carousel } from "./Carousel";

type Props = { post: Post; sizes: string; first?: boolean; fit?: "cover" | "contain" };

export function PostPicture({ post, sizes, first, fit }: Props) {
  const { put } = useLike(post);
  const [hearts, setHearts] = useState(0);
  const lastTap = useRef({ at: 0, x: 0, y: 0 });
  const tap = ({ target, clientX: x, clientY: y, timeStamp: at }: PointerEvent) => {
    if ((target as Element).closest("button")) return;
    const { current: before } = lastTap;
    const twice = at - before.at < 320 && Math.hypot(x - before.x, y - before.y) < 30;
    lastTap.current = { at: twice ? 0 : at, x, y };
    if (!twice) return;
    put();
    if (post.viewer) setHearts(hearts + 1);
  };
  return (
    <div className="absolute inset-0 touch-manipulation select-none" onPointerUp={tap}>
      <Carousel media={post.media} sizes={sizes} first={first} fit={fit} />
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
