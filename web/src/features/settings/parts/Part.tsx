// One matter of the settings: its title, what is to know about it, and its state beside the title.
import { type ReactNode, useId } from "react";

type Props = { title: string; about?: ReactNode; state?: ReactNode; children?: ReactNode };

export function Part({ title, about, state, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="grid gap-4 border-line border-b py-6 first:pt-0 last:border-0">
      <div className="grid gap-1">
        <div className="flex items-baseline justify-between gap-3">
          <h2 id={id} className="font-semibold text-base">
            {title}
          </h2>
          {state && <span className="text-ink-faint text-xs">{state}</span>}
        </div>
        {about && <p className="text-ink-soft">{about}</p>}
      </div>
      {children}
    </section>
  );
}
