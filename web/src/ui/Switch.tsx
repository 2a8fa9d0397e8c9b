// Something that is on or off, with a sentence about it.
import { type ReactNode, useId } from "react";

type Props = { name: string; about?: ReactNode; checked: boolean; onChange: (checked: boolean) => void };

export function Switch({ name, about, checked, onChange }: Props) {
  const id = useId();
  return (
    <div className="flex gap-3">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        aria-describedby={about ? `${id}-about` : undefined}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4.5 shrink-0"
      />
      <div>
        <label htmlFor={id} className="block font-medium">
          {name}
        </label>
        {about && (
          <p id={`${id}-about`} className="text-ink-faint text-xs">
            {about}
          </p>
        )}
      </div>
    </div>
  );
}
