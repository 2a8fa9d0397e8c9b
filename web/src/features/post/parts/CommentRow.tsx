// One comment, with what the reader may do with it.

import { Heart } from "lucide-react";
import { Link, useLocation, useNavigate } from "react-router";
import { api } from "../../../api";
import type { Comment } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Ago } from "../../../ui/Ago";
import { Avatar } from "../../../ui/Avatar";
import { RichText } from "../../../ui/RichText";
import { Verified } from "../../people/parts/AccountRow";

const act = "rounded-s py-1 font-medium hover:text-ink";

export function CommentRow({ comment, onAnswer }: { comment: Comment; onAnswer: () => void }) {
  const { t } = useTranslation(["talk", "common"]);
  const { author, viewer } = comment;
  const [remove] = api.useDeleteCommentMutation();
  return (
    <div className="flex gap-3">
      <Link to={`/@${author.username}`} aria-label={author.username} className="self-start rounded-full">
        <Avatar user={author} size={32} />
      </Link>
      <div className="min-w-0 flex-1">
        <span className="flex items-center gap-1 font-semibold">
          <Link to={`/@${author.username}`} className="truncate rounded-s py-0.5">
            {author.username}
          </Link>
          {author.is_verified && <Verified />}
        </span>
        <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
          <RichText text={comment.text} />
        </p>
        <p className="flex flex-wrap gap-x-4 text-ink-faint text-xs tabular-nums">
          <span className="py-1">
            <Ago time={comment.created_at} />
          </span>
          {comment.like_count > 0 && (
            <span className="py-1">{t("common:likesCount", { count: comment.like_count })}</span>
          )}
          {viewer && (
            <button type="button" onClick={onAnswer} className={act}>
              {t("reply")}
            </button>
          )}
          {viewer?.can_delete && (
            <button type="button" onClick={() => remove({ commentId: comment.comment_id })} className={act}>
              {t("delete")}
            </button>
          )}
        </p>
      </div>
      <LikeComment comment={comment} />
    </div>
  );
}

function LikeComment({ comment }: { comment: Comment }) {
  const { t } = useTranslation(["talk", "common"]);
  const [like] = api.useLikeCommentMutation();
  const [unlike] = api.useUnlikeCommentMutation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const liked = comment.viewer?.reaction != null;
  const toggle = () => {
    const { comment_id: commentId } = comment;
    if (!comment.viewer) navigate("/login", { state: { next: pathname } });
    else if (liked) unlike({ commentId });
    else like({ commentId, body: {} });
  };
  return (
    <button
      type="button"
      onClick={toggle}
      aria-label={liked ? t("unlikeComment") : t("likeComment")}
      className="grid size-8 shrink-0 place-items-center rounded-full text-ink-faint hover:bg-sunken"
    >
      <Heart aria-hidden="true" className={`size-4 ${liked ? "fill-heart stroke-heart" : ""}`} />
    </button>
  );
}
