// What came since the feed was loaded, in a pill over it that moves nothing.

import { ArrowUp } from "lucide-react";
import { useTranslation } from "../../../i18n";
import { Spinner } from "../../../ui/Spinner";

type Props = { count: number; changed: boolean; busy: boolean; onShow: () => void };

export function NewPosts({ count, changed, busy, onShow }: Props) {
  const { t } = useTranslation("feed");
  return (
    <div
      role="status"
      className="pointer-events-none sticky top-15 z-10 mt-3 -mb-3 flex h-0 justify-end px-4 md:top-4 md:justify-center"
    >
      {(count > 0 || changed) && (
        <button
          type="button"
          data-new-posts
          onClick={onShow}
          className="pointer-events-auto flex h-9 animate-rise items-center gap-2 rounded-full bg-amber pr-4 pl-3 font-semibold text-on-amber shadow-[0_2px_10px_oklch(0_0_0/0.25)] outline-offset-2 hover:bg-amber-deep"
        >
          {busy ? <Spinner /> : <ArrowUp aria-hidden="true" className="size-4" />}
          {count === 0 ? t("showNew") : count >= 99 ? t("manyNew") : t("newPosts", { count })}
        </button>
      )}
    </div>
  );
}
