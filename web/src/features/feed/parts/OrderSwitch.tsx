// Which order the feed is in.

import type { FeedOrder } from "../../../api/types";
import { useTranslation } from "../../../i18n";

const orders: FeedOrder[] = ["ranked", "latest"];

export function OrderSwitch({ order, onChoose }: { order: FeedOrder; onChoose: (order: FeedOrder) => void }) {
  const { t } = useTranslation("feed");
  return (
    <fieldset className="inline-flex rounded-full bg-sunken p-1">
      <legend className="sr-only">{t("order.label")}</legend>
      {orders.map((one) => (
        <label
          key={one}
          className="relative cursor-pointer rounded-full px-4 py-1.5 font-semibold text-ink-soft transition-colors hover:text-ink has-checked:bg-raised has-checked:text-ink has-checked:shadow-[0_0_0_1px_var(--color-line)] has-focus-visible:outline-2 has-focus-visible:outline-amber"
        >
          <input
            type="radio"
            name="feed-order"
            value={one}
            checked={order === one}
            onChange={() => onChoose(one)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          {t(`order.${one}`)}
        </label>
      ))}
    </fieldset>
  );
}
