// The reactions drawn: a heart for a like, and five faces.
import { Heart } from "lucide-react";
import type { Reaction } from "../../../api/types";

type Face = Exclude<Reaction, "LIKE">;

/** Eyes and mouth on a face of 24 by 24. */
const features: Record<Face, string> = {
  LOVE: "M9 8.2c-.6-1-2.4-.8-2.4.6 0 1 1.4 1.9 2.4 2.6 1-.7 2.4-1.6 2.4-2.6 0-1.400-1.800-1.600-2.400-.6ZM15 8.200c-.6-1-2.400-.8-2.400.6 0 1 1.400 1.900 2.400 2.600 1-.7 2.400-1.600 2.400-2.600 0-1.400-1.800-1.600-2.400-.6ZM7.500 14c1 2.600 2.600 3.600 4.500 3.600s3.500-1 4.500-3.600Z",
  HAHA: "M6.600 7.600 9.800 9.400 6.600 11.200l-.5-.9 1.700-.9-1.700-.9ZM17.400 7.600 14.200 9.400l3.200 1.800.5-.9-1.700-.9 1.700-.9ZM6.800 13c.6 3.400 2.600 5.200 5.200 5.200s4.600-1.800 5.200-5.200Z",
  WOW: "M8.500 7.200a1.300 1.600 0 1 0 .01 0ZM15.500 7.200a1.300 1.600 0 1 0 .01 0ZM12 12.600a2.500 3 0 1 0 .01 0Z",
  SAD: "M8.500 8.400a1.200 1.400 0 1 0 .01 0ZM15.500 8.400a1.200 1.400 0 1 0 .01 0ZM7.600 17.600c.9-2.300 2.500-3.300 4.400-3.300s3.500 1 4.400 3.300l-1 .4c-.8-1.700-1.900-2.500-3.400-2.500s-2.600.8-3.400 2.500Z",
  ANGRY:
    "M6 7.300l4.400 1.900-.5 1.100L5.500 8.400ZM18 7.300l-4.400 1.900.5 1.100 4.400-1.900ZM8.800 10.400a1.100 1.200 0 1 0 .01 0ZM15.200 10.400a1.100 1.200 0 1 0 .01 0ZM8 17.400c.8-1.900 2.200-2.700 4-2.700s3.200.8 4 2.700l-1 .4c-.6-1.300-1.600-2-3-2s-2.400.7-3 2Z",
};

export function ReactionIcon({ kind, className = "size-5" }: { kind: string; className?: string }) {
  const face = features[kind as Face];
  if (!face) return <Heart aria-hidden="true" className={`${className} fill-heart stroke-heart`} />;
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" className={`${className} stroke-none!`}>
      <circle cx="12" cy="12" r="10" className={kind === "ANGRY" ? "fill-[#e2703a]" : "fill-[#f0b43c]"} />
      <path d={face} className={kind === "LOVE" ? "fill-[#b3261e]" : "fill-[#3a2410]"} />
    </svg>
  );
}
