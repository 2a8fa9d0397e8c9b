import { Hash } from "lucide-react";
import { useTranslation } from "../../../i18n";
import { Avatar } from "../../../ui/Avatar";
import type { Offer } from "../hooks/useCompletion";

type Props = { id: string; offers: Offer[]; active: number; above: boolean; onChoose: (offer: Offer) => void };

/** The people or hashtags that may be meant. */
export function Offers({ id, offers, active, above, onChoose }: Props) {
  const { t } = useTranslation("discovery");
  return (
    <div
      id={id}
      role="listbox"
      aria-label={t("complete.label")}
      className={`absolute inset-x-0 z-10 rounded-m bg-raised p-1 frame-line ${above ? "bottom-full mb-1" : "mt-1"}`}
    >
      {offers.map((offer, index) => (
        <div
          key={offer.word}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onPointerDown={(event) => {
            event.preventDefault();
            onChoose(offer);
          }}
          className="flex min-h-11 cursor-pointer items-center gap-2.5 rounded-s px-2 py-1.5 hover:bg-sunken aria-selected:bg-sunken"
        >
          {offer.account ? (
            <Avatar user={offer.account} size={32} />
          ) : (
            <span className="grid size-8 place-items-center rounded-full frame-line text-ink-soft">
              <Hash aria-hidden="true" className="size-4" />
            </span>
          )}
          <span className="min-w-0">
            <span className="block truncate font-semibold">{offer.account?.username ?? offer.word}</span>
            <span className="block truncate text-ink-soft text-xs" dir="auto">
              {offer.account ? offer.account.full_name : t("complete.posts", { count: offer.count ?? 0 })}
            </span>
          </span>
        </div>
      ))}
    </div>
  );
}
