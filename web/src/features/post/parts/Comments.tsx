// The talk under a post, oldest first.

import { Clock } from "lucide-react";
import { api } from "../../../api";
import { commentsOf } from "../../../api/lists";
import type { Comment, Post } from "../../../api/types";
import { useAppSelector } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { More } from "../../../ui/More";
import { Failed, Loading } from "../../../ui/states";
import { CommentRow } from "./CommentRow";
import { Replies } from "./Replies";

type Props = { post: Post; onAnswer: (comment: Comment) => void };

export function Comments({ post, onAnswer }: Props) {
  const { t } = useTranslation("talk");
  const list = api.useCommentsInfiniteQuery({ postId: post.post_id });
  const outbox = useAppSelector((state) => state.outbox);
  const waiting = outbox.filter(({ thing }) => thing === `/api/v1/posts/${post.post_id}/comments`);
  const comments = commentsOf(list.currentData);
  if (list.isLoading) return <Loading label={t("loading")} />;
  if (list.error && comments.length === 0)
    return <Failed error={list.error} onRetry={list.refetch} title={t("failed")} />;
  if (comments.length === 0 && waiting.length === 0) {
    return (
      <p className="px-4 py-8 text-center text-ink-faint">{post.comments_enabled === false ? t("off") : t("none")}</p>
    );
  }
  return (
    <section aria-label={t("label")} className="border-line border-t px-4 py-4">
      <ul className="grid grid-cols-1 gap-4">
        {comments.map((comment) => (
          <li key={comment.comment_id}>
            <CommentRow comment={comment} onAnswer={() => onAnswer(comment)} />
            {comment.reply_count > 0 && <Replies comment={comment} onAnswer={onAnswer} />}
          </li>
        ))}
        {waiting.map(({ id, body }) => (
          <li key={id} className="pl-11 text-ink-faint">
            <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
              {(body as { text: string }).text}
            </p>
            <p className="flex items-center gap-1.5 text-xs">
              <Clock aria-hidden="true" className="size-3.5" /> {t("waiting")}
            </p>
          </li>
        ))}
      </ul>
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} error={list.error} onMore={list.fetchNextPage} />
    </section>
  );
}
