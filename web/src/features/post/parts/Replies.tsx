// The replies under one comment, shown on request.

import { useState } from "react";
import { api } from "../../../api";
import { commentsOf } from "../../../api/lists";
import type { Comment } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { CommentRow } from "./CommentRow";

type Props = { comment: Comment; onAnswer: (comment: Comment) => void };

export function Replies({ comment, onAnswer }: Props) {
  const { t } = useTranslation("talk");
  const [open, setOpen] = useState(false);
  const list = api.useRepliesInfiniteQuery({ commentId: comment.comment_id }, { skip: !open });
  return (
    <div className="mt-2 ml-11">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex items-center gap-3 rounded-s py-1 font-medium text-ink-faint text-xs before:h-px before:w-6 before:bg-edge hover:text-ink"
      >
        {open ? t("hideReplies") : t("viewReplies", { count: comment.reply_count })}
      </button>
      {open && (
        <ul className="mt-2 grid grid-cols-1 gap-4">
          {commentsOf(list.currentData).map((reply) => (
            <li key={reply.comment_id}>
              <CommentRow comment={reply} onAnswer={() => onAnswer(comment)} />
            </li>
          ))}
        </ul>
      )}
      {open && list.error !== undefined && (
        <p role="alert" className="py-2 text-danger">
          {t("repliesFailed")}
        </p>
      )}
      {open && list.hasNextPage && (
        <button
          type="button"
          onClick={() => list.fetchNextPage()}
          className="rounded-s py-2 font-medium text-ink-faint text-xs hover:text-ink"
        >
          {t("moreReplies")}
        </button>
      )}
    </div>
  );
}
