// A labelled field with its hint and its problem, tied together for screen readers.
import { type ComponentProps, type ReactNode, useId } from "react";

export const inputClass =
  "w-full rounded-s border border-edge bg-sheet px-3 py-2 text-base text-ink transition-colors focus-visible:border-amber aria-invalid:border-danger md:text-sm";

type Shared = { label: string; hint?: ReactNode; problem?: string; aside?: ReactNode };

function useField({ hint, problem }: Pick<Shared, "hint" | "problem">) {
  const id = useId();
  const describedBy = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(" ") || undefined;
  return { id, "aria-describedby": describedBy, "aria-invalid": problem ? true : undefined };
}

function Around({ id, label, hint, problem, aside, children }: Shared & { id: string; children: ReactNode }) {
  return (
    <div className="grid gap-1.5">
      <div className="flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {aside}
      </div>
      {children}
      {problem && (
        <p id={`${id}-problem`} className="text-danger">
          {problem}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-ink-faint text-xs">
          {hint}
        </p>
      )}
    </div>
  );
}

export function TextField({ label, hint, problem, aside, className = "", ...input }: Shared & ComponentProps<"input">) {
  const field = useField({ hint, problem });
  return (
    <Around id={field.id} label={label} hint={hint} problem={problem} aside={aside}>
      <input {...field} {...input} className={`${inputClass} ${className}`} />
    </Around>
  );
}

export function TextArea({
  label,
  hint,
  problem,
  aside,
  className = "",
  ...input
}: Shared & ComponentProps<"textarea">) {
  const field = useField({ hint, problem });
  return (
    <Around id={field.id} label={label} hint={hint} problem={problem} aside={aside}>
      <textarea {...field} {...input} className={`${inputClass} ${className}`} />
    </Around>
  );
}
