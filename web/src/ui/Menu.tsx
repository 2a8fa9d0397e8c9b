// A button with a few acts behind it, in the browser's own popover: Esc and a click elsewhere close it.
import { Ellipsis } from "lucide-react";
import { type ReactNode, useId, useRef } from "react";

export type Act = { name: string; icon: ReactNode; onChoose: () => void; danger?: boolean };

export function Menu({ label, acts }: { label: string; acts: Act[] }) {
  const id = useId();
  const popover = useRef<HTMLDivElement>(null);
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        aria-label={label}
        className="-mr-2.5 inline-grid size-10 shrink-0 place-items-center rounded-full hover:bg-sunken"
      >
        <Ellipsis className="size-5" />
      </button>
      <div ref={popover} id={id} popover="auto" className="popup min-w-48 rounded-m bg-sheet p-1 text-ink frame-line">
        {acts.map(({ name, icon, onChoose, danger }) => (
          <button
            key={name}
            type="button"
            onClick={() => {
              popover.current?.hidePopover();
              onChoose();
            }}
            className={`flex w-full items-center gap-3 rounded-s px-3 py-2.5 text-left font-medium outline-offset-[-2px] hover:bg-sunken [&_svg]:size-4 ${danger ? "text-danger" : ""}`}
          >
            {icon}
            {name}
          </button>
        ))}
      </div>
    </>
  );
}
