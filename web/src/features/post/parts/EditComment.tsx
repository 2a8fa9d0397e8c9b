// Other words for one's own comment, in its place. Esc leaves them.
import { type FormEvent, type KeyboardEvent, useId, useRef, useState } from "react";
import { api } from "../../../api";
import { fieldError, friendly } from "../../../api/errors";
import type { Comment } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Completing } from "../../writing/parts/Completing";
import { commentBox } from "./CommentForm";

export function EditComment({ comment, onDone }: { comment: Comment; onDone: () => void }) {
  const { t } = useTranslation("talk");
  const [text, setText] = useState(comment.text);
  const [update, { error, isLoading, reset }] = api.useUpdateCommentMutation();
  const box = useRef<HTMLTextAreaElement>(null);
  const [meet] = useState(() => (found: HTMLTextAreaElement | null) => {
    box.current = found;
    found?.focus();
    found?.setSelectionRange(found.value.length, found.value.length);
  });
  const id = useId();
  const change = (value: string) => {
    setText(value);
    if (error) reset();
  };
  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    const words = text.trim();
    if (!words || isLoading) return;
    if (words === comment.text) return onDone();
    const { error: refused } = await update({ commentId: comment.comment_id, body: { text: words } });
    if (!refused) onDone();
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") onDone();
    else if (event.key === "Enter" && !event.shiftKey) submit();
    else return;
    event.preventDefault();
  };
  return (
    <form onSubmit={submit} className="grid gap-1 pt-1">
      <Completing box={box} value={text} onChange={change}>
        {(completing) => (
          <textarea
            ref={meet}
            aria-label={t("editComment")}
            aria-describedby={error ? id : undefined}
            aria-invalid={error ? true : undefined}
            rows={1}
            maxLength={2200}
            dir="auto"
            value={text}
            {...completing}
            onKeyDown={(event) => {
              if (!completing.onKeyDown(event)) press(event);
            }}
            className={`w-full ${commentBox}`}
          />
        )}
      </Completing>
      <span className="flex gap-4 font-semibold">
        <button type="submit" aria-disabled={!text.trim() || isLoading} className="min-h-10 rounded-s text-amber">
          {t("save")}
        </button>
        <button type="button" onClick={onDone} className="min-h-10 rounded-s text-ink-soft">
          {t("cancel")}
        </button>
      </span>
      {error && (
        <p id={id} role="alert" className="text-danger">
          {fieldError(error, "text") ?? friendly(error)}
        </p>
      )}
    </form>
  );
}
