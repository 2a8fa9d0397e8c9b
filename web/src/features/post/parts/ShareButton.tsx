// Hands a post on: by the device's own sharing where it has one, else as a copied link.

import { Send } from "lucide-react";
import type { Post } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { short } from "../../../lib/numbers";
import { useHandOn } from "../hooks/useHandOn";

export function ShareButton({ post, className }: { post: Post; className: string }) {
  const { t } = useTranslation("post");
  const { handOn } = useHandOn(post);
  const count = post.share_count;
  const name = count > 0 ? `${t("share")}, ${t("shared", { count })}` : t("share");
  return (
    <span className="flex items-center">
      <button type="button" aria-label={name} title={t("share")} onClick={handOn} className={className}>
        <Send aria-hidden="true" />
      </button>
      {count > 0 && (
        <span aria-hidden="true" className="-ml-1.5 text-ink-soft tabular-nums">
          {short(count)}
        </span>
      )}
    </span>
  );
}
