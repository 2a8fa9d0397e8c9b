// The end of a list: asks for the next page a little before it comes into view.

import { friendly } from "../api/errors";
import { useTranslation } from "../i18n";
import { Button } from "./Button";
import { Spinner } from "./Spinner";

type Props = { hasMore: boolean; busy: boolean; error?: unknown; onMore: () => void };

export function More({ hasMore, busy, error, onMore }: Props) {
  const { t } = useTranslation();
  if (!hasMore) return null;
  if (error) {
    return (
      <div role="alert" className="grid justify-items-center gap-3 py-8 text-ink-soft">
        {friendly(error)}
        <Button look="quiet" onClick={onMore}>
          {t("retry")}
        </Button>
      </div>
    );
  }
  const watch = (end: HTMLElement | null) => {
    if (!end || busy) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onMore(), { rootMargin: "1200px" });
    observer.observe(end);
    return () => observer.disconnect();
  };
  return (
    <div ref={watch} className="grid h-16 place-items-center text-ink-faint">
      {busy && <Spinner label={t("loadingMore")} />}
    </div>
  );
}
