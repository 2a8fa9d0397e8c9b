// Who is in a picture, at their places, whatever part of it its box shows.

import { Link } from "react-router";
import type { Media, Post } from "../../../api/types";

type Props = { tagged: Post["tagged"]; media: Media; fit?: "cover" | "contain" };

export function TaggedPeople({ tagged, media: { width, height }, fit = "cover" }: Props) {
  const ratio = (width ?? 1) / (height ?? 1);
  const side = fit === "cover" ? "max" : "min";
  return (
    <div className="pointer-events-none absolute inset-0 grid place-items-center overflow-hidden [container-type:size]">
      <div className="relative shrink-0" style={{ width: `${side}(100cqw, 100cqh * ${ratio})`, aspectRatio: ratio }}>
        {tagged.map(({ user, x, y }) => (
          <Link
            key={user.user_id}
            to={`/@${user.username}`}
            style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
            className="pointer-events-auto absolute max-w-40 -translate-1/2 animate-rise truncate rounded-s bg-veil px-2.5 py-1.5 font-semibold text-white text-xs"
          >
            {user.username}
          </Link>
        ))}
      </div>
    </div>
  );
}
