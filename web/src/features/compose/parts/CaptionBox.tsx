// The words of a post, with people offered after an @.

import { type KeyboardEvent, useRef, useState } from "react";
import { api } from "../../../api";
import type { Account } from "../../../api/types";
import { useAppDispatch, useAppSelector } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { mentionAt, pieces } from "../../../lib/text";
import { useDebounced } from "../../../lib/useDebounced";
import { TextArea } from "../../../ui/Field";
import { captionChanged, longestCaption } from "../draft";
import { MentionList } from "./MentionList";

export function CaptionBox() {
  const { t } = useTranslation("compose");
  const caption = useAppSelector((state) => state.compose.caption);
  const dispatch = useAppDispatch();
  const box = useRef<HTMLTextAreaElement>(null);
  const [mention, setMention] = useState<ReturnType<typeof mentionAt>>();
  const [prefix, setPrefix] = useDebounced("", 150);
  const [active, setActive] = useState(0);
  const { currentData } = api.useLookupUsersQuery({ q: prefix, limit: 5 }, { skip: !mention?.prefix || !prefix });
  const offered = mention?.prefix ? (currentData?.data ?? []) : [];

  const follow = () => {
    const { value = "", selectionStart = 0 } = box.current ?? {};
    const found = mentionAt(value, selectionStart);
    setMention(found);
    setActive(0);
    setPrefix(found?.prefix ?? "");
  };
  const complete = ({ username }: Account) => {
    if (!mention) return;
    const end = mention.start + 1 + mention.prefix.length;
    const before = `${caption.slice(0, mention.start)}@${username} `;
    dispatch(captionChanged(before + caption.slice(end).replace(/^ /, "")));
    setMention(undefined);
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(before.length, before.length);
    });
  };
  const press = (event: KeyboardEvent) => {
    const chosen = offered[active];
    if (!chosen || event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setActive((active + step + offered.length) % offered.length);
    else if (event.key === "Enter" || event.key === "Tab") complete(chosen);
    else if (event.key === "Escape") setMention(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const length = [...caption].length;
  const tags = new Set(pieces(caption).flatMap(({ kind, text }) => (kind === "hashtag" ? [text] : [])));
  return (
    <div className="relative">
      <TextArea
        ref={box}
        label={t("caption")}
        placeholder={t("captionHint")}
        rows={7}
        dir="auto"
        value={caption}
        problem={length > longestCaption ? t("over", { count: length - longestCaption }) : undefined}
        aside={
          <span
            className={`text-xs tabular-nums ${length > longestCaption ? "text-danger" : "text-ink-faint"}`}
          >{`${length}/${longestCaption}`}</span>
        }
        aria-autocomplete="list"
        aria-controls={offered.length ? "mentions" : undefined}
        aria-activedescendant={offered.length ? `mention-${active}` : undefined}
        onChange={(event) => {
          dispatch(captionChanged(event.target.value));
          follow();
        }}
        onSelect={follow}
        onKeyDown={press}
        onBlur={() => setMention(undefined)}
        className="resize-none"
      />
      {offered.length > 0 && <MentionList people={offered} active={active} onChoose={complete} />}
      {tags.size > 0 && <p className="pt-1 text-amber text-xs [overflow-wrap:anywhere]">{[...tags].join(" ")}</p>}
    </div>
  );
}
