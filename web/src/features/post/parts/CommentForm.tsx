// Writing a comment or a reply.

import { X } from "lucide-react";
import { type FormEvent, type KeyboardEvent, type RefObject, useState } from "react";
import { Link } from "react-router";
import { api } from "../../../api";
import { fieldError, friendly, isWaiting } from "../../../api/errors";
import type { Comment, Post } from "../../../api/types";
import { Trans, useTranslation } from "../../../i18n";
import { useIdempotencyKeys } from "../../../lib/idempotency";
import { useSession } from "../../session/hooks/useSession";
import { Completing } from "../../writing/parts/Completing";

/** How a box for a comment looks. */
export const commentBox =
  "field-sizing-content max-h-32 min-h-10 resize-none rounded-s border border-edge bg-plate px-3 py-2 text-base md:text-sm";

type Props = { post: Post; box: RefObject<HTMLTextAreaElement | null>; answering?: Comment; onDone: () => void };

export function CommentForm({ post, box, answering, onDone }: Props) {
  const { t } = useTranslation(["talk", "post"]);
  const [text, setText] = useState("");
  const [create, { error, isLoading, reset }] = api.useCreateCommentMutation();
  const keys = useIdempotencyKeys();
  const { me } = useSession();
  if (!post.viewer) {
    return (
      <p className="text-ink-soft">
        <Trans
          text={t("logIn")}
          components={{
            in: (
              <Link
                to="/login"
                state={{ next: `/posts/${post.post_id}` }}
                className="font-semibold text-amber hover:underline"
              />
            ),
          }}
        />
      </p>
    );
  }
  if (post.comments_enabled === false) return null;

  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (!text.trim() || isLoading) return;
    const body = { text: text.trim(), ...(answering ? { parent_id: answering.comment_id } : {}) };
    const { error: refused } = await create({ postId: post.post_id, "Idempotency-Key": keys.for(body), body });
    if (refused && !isWaiting(refused)) return;
    reset();
    keys.done();
    setText("");
    onDone();
  };
  const change = (value: string) => {
    setText(value);
    if (error) reset();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <form onSubmit={submit}>
      {answering && (
        <p className="mb-1 flex items-center justify-between rounded-s bg-sunken pl-3 text-ink-soft text-xs">
          {t("replyingTo", { name: answering.author.username })}
          <button
            type="button"
            aria-label={t("stopReplying")}
            onClick={onDone}
            className="grid size-8 place-items-center rounded-s"
          >
            <X className="size-4" aria-hidden="true" />
          </button>
        </p>
      )}
      <div className="flex items-end gap-2">
        <Completing box={box} value={text} onChange={change} above>
          {(completing) => (
            <textarea
              ref={box}
              aria-label={t("comment")}
              aria-describedby={error ? "comment-problem" : undefined}
              aria-invalid={error ? true : undefined}
              placeholder={t("placeholder")}
              rows={1}
              maxLength={2200}
              dir="auto"
              value={text}
              {...completing}
              onKeyDown={(event) => {
                if (!completing.onKeyDown(event)) press(event);
              }}
              className={`block w-full ${commentBox}`}
            />
          )}
        </Completing>
        <button
          type="submit"
          aria-label={t("postComment")}
          aria-disabled={!text.trim() || isLoading}
          className="min-h-10 rounded-s px-3 font-semibold text-amber aria-disabled:text-ink-faint"
        >
          {t("post")}
        </button>
      </div>
      {post.comments_from !== "EVERYONE" && me?.user_id !== post.author.user_id && (
        <p className="pt-1 text-ink-faint text-xs">
          {t(`post:commentsRestricted.${post.comments_from}`, { name: post.author.username })}
        </p>
      )}
      {error && (
        <p id="comment-problem" role="alert" className="pt-1 text-danger">
          {fieldError(error, "text") ?? friendly(error)}
        </p>
      )}
    </form>
  );
}
