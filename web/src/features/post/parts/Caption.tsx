// A post's words: two lines first, the rest on request.

import { useState } from "react";
import type { Account } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { isLong } from "../../../lib/text";
import { RichText } from "../../../ui/RichText";

type Props = { text: string; people?: Account[]; whole?: boolean };

export function Caption({ text, people, whole = false }: Props) {
  const { t } = useTranslation("post");
  const [open, setOpen] = useState(whole || !isLong(text));
  return (
    <div className="max-w-[70ch]">
      <p dir="auto" className={`whitespace-pre-wrap [overflow-wrap:anywhere] ${open ? "" : "line-clamp-2"}`}>
        <RichText text={text} people={people} />
      </p>
      {!open && (
        <button
          type="button"
          onClick={() => setOpen(true)}
          className="rounded-s py-0.5 min-h-6 text-ink-faint hover:text-ink"
        >
          {t("more")}
        </button>
      )}
    </div>
  );
}
