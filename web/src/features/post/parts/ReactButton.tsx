// The heart that likes, and offers the other reactions on a long press, a resting pointer or an arrow key.
import { Heart } from "lucide-react";
import { lazy, Suspense, useId } from "react";
import type { Reaction } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { usePicker } from "../hooks/usePicker";
import { ReactionIcon } from "./ReactionIcon";

const loadPicker = () => import("./ReactionPicker");
const ReactionPicker = lazy(() => loadPicker().then((part) => ({ default: part.ReactionPicker })));

type Props = {
  reaction: string | null;
  /** What the button is called while there is no reaction, and while there is a like. */
  names: { like: string; unlike: string };
  onChoose: (kind: Reaction | null) => void;
  /** Whether the reader is signed in; a visitor has only the heart, which leads to the log-in. */
  offers: boolean;
  align?: "left" | "right";
  className: string;
  iconClass?: string;
  marked?: boolean;
};

export function ReactButton({
  reaction,
  names,
  onChoose,
  offers,
  align = "left",
  className,
  iconClass,
  marked,
}: Props) {
  const { t } = useTranslation("post");
  const picker = usePicker();
  const hint = useId();
  const name =
    reaction === null
      ? names.like
      : reaction === "LIKE"
        ? names.unlike
        : t("takeBack", { reaction: t(`reactions.${reaction as Reaction}`) });
  const choose = (kind: Reaction | null) => {
    picker.close();
    if (kind !== reaction) onChoose(kind);
  };
  const press = () => {
    if (picker.wasLong()) return;
    choose(reaction === null ? "LIKE" : null);
  };
  return (
    <div ref={picker.root} className="relative" {...(offers ? picker.around : {})}>
      <button
        ref={picker.button}
        type="button"
        data-like={marked || undefined}
        aria-label={name}
        aria-haspopup={offers ? "menu" : undefined}
        aria-expanded={offers ? picker.open !== undefined : undefined}
        aria-describedby={offers ? hint : undefined}
        onClick={press}
        {...(offers ? { ...picker.onButton, onFocus: () => void loadPicker() } : {})}
        className={`touch-manipulation select-none [-webkit-touch-callout:none] ${className}`}
      >
        {reaction === null || reaction === "LIKE" ? (
          <Heart
            key={String(reaction)}
            aria-hidden="true"
            className={`${iconClass ?? ""} ${reaction ? "animate-[rise_160ms_ease-out] fill-heart stroke-heart motion-reduce:animate-none" : ""}`}
          />
        ) : (
          <ReactionIcon kind={reaction} className={iconClass} />
        )}
      </button>
      {offers && (
        <span id={hint} hidden>
          {t("moreReactions")}
        </span>
      )}
      {picker.open && (
        <Suspense>
          <ReactionPicker
            chosen={reaction}
            align={align}
            focused={picker.open === "keys"}
            onChoose={choose}
            onClose={picker.close}
          />
        </Suspense>
      )}
    </div>
  );
}
