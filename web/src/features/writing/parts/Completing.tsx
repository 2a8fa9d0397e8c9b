// A box to write in that offers people after an @ and hashtags after a #; the caret stays in the text.
import { type ChangeEvent, type KeyboardEvent, type ReactNode, type RefObject, Suspense } from "react";
import { type Offer, useCompletion } from "../hooks/useCompletion";
import { Offers } from "./Offers";

type BoxProps = {
  "aria-autocomplete": "list";
  "aria-controls": string | undefined;
  "aria-activedescendant": string | undefined;
  onChange: (event: ChangeEvent<HTMLTextAreaElement>) => void;
  onSelect: () => void;
  onBlur: () => void;
  /** Whether the key was for the list. */
  onKeyDown: (event: KeyboardEvent) => boolean;
};

type Props = {
  box: RefObject<HTMLTextAreaElement | null>;
  value: string;
  onChange: (value: string) => void;
  /** Where the list opens: below the box, or above it where the box stands at the bottom. */
  above?: boolean;
  children: (box: BoxProps) => ReactNode;
};

const steps: { [key: string]: number } = { ArrowDown: 1, ArrowUp: -1 };

export function Completing({ box, value, onChange, above = false, children }: Props) {
  const { id, offers, active, setActive, follow, leave, complete } = useCompletion(box, value, onChange);
  const press = (event: KeyboardEvent): boolean => {
    const chosen: Offer | undefined = offers[active];
    if (!chosen || event.nativeEvent.isComposing) return false;
    const step = steps[event.key];
    if (step) setActive((active + step + offers.length) % offers.length);
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") complete(chosen);
    else if (event.key === "Escape") leave();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return (
    <div className="relative min-w-0 flex-1">
      {children({
        "aria-autocomplete": "list",
        "aria-controls": offers.length ? id : undefined,
        "aria-activedescendant": offers.length ? `${id}-${active}` : undefined,
        onChange: (event) => {
          onChange(event.target.value);
          follow();
        },
        onSelect: follow,
        onBlur: leave,
        onKeyDown: press,
      })}
      {/* Were the whole page to wait for the list's words, the box would lose the caret. */}
      <Suspense>
        {offers.length > 0 && <Offers id={id} offers={offers} active={active} above={above} onChoose={complete} />}
      </Suspense>
    </div>
  );
}
