// Why a post stands where it does: the strongest reasons, and how much each of them weighed.

import { api } from "../../../api";
import type { Post, Reason } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Dialog } from "../../../ui/Dialog";
import { Failed, Loading } from "../../../ui/states";
import { useFeedOrder } from "../../feed/hooks/useFeedOrder";

export default function Why({ post, onClose }: { post: Post; onClose: () => void }) {
  const { t } = useTranslation("post");
  const { currentData, error, refetch } = api.useWhyPostQuery({ postId: post.post_id });
  const [order] = useFeedOrder();
  return (
    <Dialog low title={t("menu.why")} onClose={onClose}>
      <div className="grid min-h-44 content-start gap-4 px-5 pt-4 pb-[calc(1rem+env(safe-area-inset-bottom))]">
        <p className="text-ink-soft">
          {order === "ranked"
            ? t("why.ranked", { name: post.author.username })
            : t("why.latest", { name: post.author.username })}
        </p>
        {error && !currentData && <Failed error={error} onRetry={refetch} />}
        {!error && !currentData && <Loading label={t("why.loading")} />}
        {currentData && <Reasons reasons={currentData.reasons} type={post.type} />}
      </div>
    </Dialog>
  );
}

function Reasons({ reasons, type }: { reasons: Reason[]; type: Post["type"] }) {
  const { t } = useTranslation("post");
  const strongest = Math.max(...reasons.map(({ weight }) => weight));
  if (reasons.length === 0) return <p>{t("why.none")}</p>;
  return (
    <ol className="grid gap-4 pb-2">
      {reasons.map(({ name, text, weight }) => (
        <li key={name} className="grid gap-1.5">
          <span>{t(`reasons.${(name === "type" ? type : name) as "recency"}`, { defaultValue: text })}</span>
          <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-sunken">
            <span
              className="block h-full rounded-full bg-amber"
              style={{ width: `${Math.max(4, (100 * weight) / strongest)}%` }}
            />
          </span>
        </li>
      ))}
    </ol>
  );
}
