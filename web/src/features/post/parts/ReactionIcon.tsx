// The reactions drawn: a heart for a like, and five faces.
import { Heart } from "lucide-react";
import type { Reaction } from "../../../api/types";

type Face = Exclude<Reaction, "LIKE">;

/** Eyes and mouth on a face of 24 by 24. */
const features: Record<Face, string> = {
  LOVE: "M9 8.2c-.6-1-2.4-.8-2.4.6 0 1 1.4 1.9 2.4 2.6 1-.7 2.4-1.6 2.4-2.6 0-1.4-1.8-1.6-2.4-.6ZM15 8.200c-.6-1-2.4-.8-2.4.6 0 1 1.4 1.9 2.4 2.6 1-.7 2.4-1.6 2.4-2.6 0-1.4-1.8-1.6-2.4-.6ZM7.5 14c1 2.6 2.6 3.6 4.5 3.600s3.5-1 4.5-3.600Z",
  HAHA: "M6.6 7.6 9.8 9.4 6.6 11.200l-.5-.9 1.7-.9-1.7-.9ZM17.4 7.6 14.2 9.400l3.2 1.8.5-.9-1.7-.9 1.7-.9ZM6.8 13c.6 3.4 2.6 5.2 5.2 5.200s4.6-1.8 5.2-5.200Z",
  WOW: "M8.5 7.200a1.3 1.6 0 1 0 .01 0ZM15.5 7.200a1.3 1.6 0 1 0 .01 0ZM12 12.600a2.5 3 0 1 0 .01 0Z",
  SAD: "M8.5 8.400a1.2 1.4 0 1 0 .01 0ZM15.5 8.400a1.2 1.4 0 1 0 .01 0ZM7.6 17.600c.9-2.3 2.5-3.3 4.4-3.300s3.5 1 4.4 3.300l-1 .4c-.8-1.7-1.9-2.5-3.4-2.500s-2.6.8-3.4 2.500Z",
  ANGRY:
    "M6 7.300l4.4 1.9-.5 1.100L5.5 8.400ZM18 7.300l-4.4 1.9.5 1.1 4.4-1.900ZM8.8 10.400a1.1 1.2 0 1 0 .01 0ZM15.2 10.400a1.1 1.2 0 1 0 .01 0ZM8 17.400c.8-1.9 2.2-2.7 4-2.700s3.2.8 4 2.700l-1 .4c-.6-1.3-1.6-2-3-2s-2.4.7-3 2Z",
};

export function ReactionIcon({ kind, className = "size-5" }: { kind: string; className?: string }) {
  const face = features[kind as Face];
  if (!face) return <Heart aria-hidden="true" className={`${className} fill-heart stroke-heart`} />;
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" className={`${className} stroke-none!`}>
      <circle cx="12" cy="12" r="10" className={kind === "ANGRY" ? "fill-face-hot" : "fill-face"} />
      <path d={face} className={kind === "LOVE" ? "fill-heart" : "fill-face-ink"} />
    </svg>
  );
}
