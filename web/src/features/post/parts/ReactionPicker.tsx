// The six reactions in a row: the arrow keys go through them, Enter takes one, Esc leaves.
import type { KeyboardEvent } from "react";
import type { Reaction } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { reactions } from "../reactions";
import { ReactionIcon } from "./ReactionIcon";

type Props = {
  chosen: string | null;
  align: "left" | "right";
  /** Whether it was opened by a key, and is to have the focus. */
  focused: boolean;
  onChoose: (kind: Reaction) => void;
  onClose: () => void;
};

const steps: { [key: string]: number } = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function ReactionPicker({ chosen, align, focused, onChoose, onClose }: Props) {
  const { t } = useTranslation("post");
  const first = Math.max(0, reactions.indexOf(chosen as Reaction));
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    const buttons = [...event.currentTarget.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const rtl = getComputedStyle(event.currentTarget).direction === "rtl" && /Left|Right/.test(event.key);
    const step = (steps[event.key] ?? 0) * (rtl ? -1 : 1);
    if (step) buttons[(at + step + buttons.length) % buttons.length]?.focus();
    else if (event.key === "Home") buttons[0]?.focus();
    else if (event.key === "End") buttons.at(-1)?.focus();
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else return;
    event.stopPropagation();
    if (event.key !== "Tab") event.preventDefault();
  };
  return (
    <div
      role="menu"
      tabIndex={-1}
      aria-label={t("chooseReaction")}
      onKeyDown={press}
      className={`absolute bottom-full z-10 flex animate-rise rounded-full bg-raised p-1 frame-line motion-reduce:animate-none ${align === "left" ? "left-0" : "right-0"}`}
    >
      {reactions.map((kind, at) => (
        <button
          key={kind}
          ref={(button) => {
            if (focused && at === first) button?.focus();
          }}
          type="button"
          role="menuitemradio"
          aria-checked={kind === chosen}
          aria-label={t(`reactions.${kind}`)}
          title={t(`reactions.${kind}`)}
          tabIndex={at === first ? 0 : -1}
          onClick={() => onChoose(kind)}
          className="grid size-11 place-items-center rounded-full transition-transform hover:scale-115 focus-visible:scale-115 aria-checked:bg-sunken motion-reduce:transition-none"
        >
          <ReactionIcon kind={kind} className="size-7" />
        </button>
      ))}
    </div>
  );
}
