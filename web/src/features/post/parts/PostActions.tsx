// Like and talk, with their counts.

import { MessageCircle } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Link } from "react-router";
import type { Post } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { useLike } from "../hooks/useLike";
import { ReactButton } from "./ReactButton";
import { ReactionCount } from "./ReactionCount";
import { SaveButton } from "./SaveButton";
import { ShareButton } from "./ShareButton";

const Likers = lazy(() => import("./Likers"));

const icon =
  "grid size-11 place-items-center rounded-full transition-colors hover:text-ink-soft [&_svg]:size-6.5 [&_svg]:stroke-[1.75]";

export function PostActions({ post, onComment }: { post: Post; onComment?: () => void }) {
  const { t } = useTranslation(["post", "common"]);
  const { react } = useLike(post);
  const [listing, setListing] = useState(false);
  return (
    <div>
      <div className="-ml-2.5 flex">
        <ReactButton
          reaction={post.viewer?.reaction ?? null}
          names={{ like: t("like"), unlike: t("unlike") }}
          offers={post.viewer !== null}
          onChoose={react}
          className={icon}
          marked
        />
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
        <button
          type="button"
          onClick={() => setListing(true)}
          className="flex min-h-6 items-center gap-1.5 rounded-s py-0.5 font-semibold tabular-nums"
        >
          <ReactionCount counts={post.reaction_counts} count={post.like_count} />
        </button>
      )}
      {listing && (
        <Suspense>
          <Likers post={post} onClose={() => setListing(false)} />
        </Suspense>
      )}
    </div>
  );
}
