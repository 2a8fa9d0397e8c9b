// One comment, with what the reader may do with it.

import { useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { api } from "../../../api";
import type { Comment, Reaction } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Ago } from "../../../ui/Ago";
import { Avatar } from "../../../ui/Avatar";
import { RichText } from "../../../ui/RichText";
import { Verified } from "../../people/parts/AccountRow";
import { useSession } from "../../session/hooks/useSession";
import { EditComment } from "./EditComment";
import { ReactButton } from "./ReactButton";
import { ReactionCount } from "./ReactionCount";

const act = "rounded-s py-1 font-medium hover:text-ink";

export function CommentRow({ comment, onAnswer }: { comment: Comment; onAnswer: () => void }) {
  const { author } = comment;
  const [editing, setEditing] = useState(false);
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
        {editing ? (
          <EditComment comment={comment} onDone={() => setEditing(false)} />
        ) : (
          <>
            <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
              <RichText text={comment.text} people={comment.mentions} />
            </p>
            <Acts comment={comment} onAnswer={onAnswer} onEdit={() => setEditing(true)} />
          </>
        )}
      </div>
      {!editing && <React comment={comment} />}
    </div>
  );
}

type ActsProps = { comment: Comment; onAnswer: () => void; onEdit: () => void };

function Acts({ comment, onAnswer, onEdit }: ActsProps) {
  const { t } = useTranslation("talk");
  const { me } = useSession();
  const [remove] = api.useDeleteCommentMutation();
  const { viewer, edited_at: editedAt } = comment;
  return (
    <p className="flex flex-wrap gap-x-4 text-ink-faint text-xs tabular-nums">
      <span className="py-1">
        <Ago time={comment.created_at} />
        {editedAt && ` · ${t("edited")}`}
      </span>
      {comment.like_count > 0 && (
        <span className="flex items-center gap-1 py-1">
          <ReactionCount counts={comment.reaction_counts} count={comment.like_count} small />
        </span>
      )}
      {viewer && (
        <button type="button" onClick={onAnswer} className={act}>
          {t("reply")}
        </button>
      )}
      {viewer && me?.user_id === comment.author.user_id && (
        <button type="button" onClick={onEdit} className={act}>
          {t("edit")}
        </button>
      )}
      {viewer?.can_delete && (
        <button type="button" onClick={() => remove({ commentId: comment.comment_id })} className={act}>
          {t("delete")}
        </button>
      )}
    </p>
  );
}

function React({ comment }: { comment: Comment }) {
  const { t } = useTranslation("talk");
  const [like] = api.useLikeCommentMutation();
  const [unlike] = api.useUnlikeCommentMutation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { comment_id: commentId, viewer } = comment;
  const react = (reaction: Reaction | null) => {
    if (!viewer) navigate("/login", { state: { next: pathname } });
    else if (reaction) like({ commentId, body: { reaction } });
    else unlike({ commentId });
  };
  return (
    <ReactButton
      reaction={viewer?.reaction ?? null}
      names={{ like: t("likeComment"), unlike: t("unlikeComment") }}
      offers={viewer !== null}
      onChoose={react}
      align="right"
      className="-mt-1 grid size-10 shrink-0 place-items-center rounded-full text-ink-faint hover:bg-sunken"
      iconClass="size-4"
    />
  );
}
