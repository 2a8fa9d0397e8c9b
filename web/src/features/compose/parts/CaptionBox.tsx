// The words of a post, with people offered after an @ and hashtags after a #.

import { useRef } from "react";
import { useAppDispatch, useAppSelector } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { pieces } from "../../../lib/text";
import { TextArea } from "../../../ui/Field";
import { Completing } from "../../writing/parts/Completing";
import { captionChanged, longestCaption } from "../draft";

export function CaptionBox() {
  const { t } = useTranslation("compose");
  const caption = useAppSelector((state) => state.compose.caption);
  const dispatch = useAppDispatch();
  const box = useRef<HTMLTextAreaElement>(null);
  const length = [...caption].length;
  const tags = new Set(pieces(caption).flatMap(({ kind, text }) => (kind === "hashtag" ? [text] : [])));
  return (
    <div>
      <Completing box={box} value={caption} onChange={(value) => dispatch(captionChanged(value))}>
        {(completing) => (
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
            {...completing}
            className="resize-none"
          />
        )}
      </Completing>
      {tags.size > 0 && <p className="pt-1 text-amber text-xs [overflow-wrap:anywhere]">{[...tags].join(" ")}</p>}
    </div>
  );
}
