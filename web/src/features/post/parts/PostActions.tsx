// Like and talk, with their counts.

import { Heart, MessageCircle } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import type { Post } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { useLike } from "../hooks/useLike";
import { Likers } from "./Likers";
import { SaveButton } from "./SaveButton";
import { ShareButton } from "./ShareButton";

const icon =
  "grid size-11 place-items-center rounded-full transition-colors hover:text-ink-soft [&_svg]:size-6.5 [&_svg]:stroke-[1.75]";

export function PostActions({ post, onComment }: { post: Post; onComment?: () => void }) {
  const { t } = useTranslation(["post", "common"]);
  const { liked, toggle } = useLike(post);
  const [listing, setListing] = useState(false);
  return (
    <div>
      <div className="-ml-2.5 flex">
        <button
          type="button"
          data-like
          aria-label={liked ? t("unlike") : t("like")}
          title={liked ? t("unlike") : t("like")}
          onClick={toggle}
          className={icon}
        >
          <Heart
            key={String(liked)}
            aria-hidden="true"
            className={liked ? "animate-[rise_160ms_ease-out] fill-heart stroke-heart motion-reduce:animate-none" : ""}
          />
        </button>
        {onComment ? (
          <button
            type="button"
            aria-label={t("writeComment")}
            title={t("writeComment")}
            onClick={onComment}
            className={icon}
          >
            <MessageCircle aria-hidden="true" />
          </button>
        ) : (
          <Link
            to={`/posts/${post.post_id}`}
            data-open
            aria-label={t("comments")}
            title={t("comments")}
            className={icon}
          >
            <MessageCircle aria-hidden="true" />
          </Link>
        )}
        <ShareButton post={post} className={icon} />
        <span className="flex-1" />
        <SaveButton post={post} className={`-mr-2.5 ${icon}`} />
      </div>
      {post.like_count !== null && post.like_count > 0 && (
        <button type="button" onClick={() => setListing(true)} className="rounded-s py-0.5 font-semibold tabular-nums">
          {t("common:likesCount", { count: post.like_count })}
        </button>
      )}
      {listing && <Likers postId={post.post_id} onClose={() => setListing(false)} />}
    </div>
  );
}
