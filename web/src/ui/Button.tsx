// Buttons: one main act a view, quiet ones beside it, and icons with a name.
import type { ComponentProps, ReactNode } from "react";
import { Spinner } from "./Spinner";

const looks = {
  main: "bg-amber text-on-amber hover:bg-amber-deep",
  quiet: "bg-sunken text-ink hover:bg-line",
  plain: "text-amber hover:text-amber-deep",
  danger: "bg-sunken text-danger hover:bg-line",
};

export const buttonClass = (look: keyof typeof looks, extra = "") =>
  `inline-flex min-h-9 items-center justify-center gap-2 rounded-s px-4 font-semibold text-sm transition-[background-color,color,opacity] disabled:opacity-60 ${looks[look]} ${extra}`;

type Props = ComponentProps<"button"> & { look?: keyof typeof looks; busy?: boolean };

export function Button({ look = "main", busy, className = "", children, disabled, type = "button", ...rest }: Props) {
  return (
    <button
      type={type}
      disabled={disabled}
      aria-busy={busy || undefined}
      className={buttonClass(look, className)}
      {...rest}
      onClick={busy ? undefined : rest.onClick}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

type IconProps = Omit<ComponentProps<"button">, "children"> & { label: string; children: ReactNode };

export function IconButton({ label, className = "", children, type = "button", ...rest }: IconProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={`inline-grid size-10 shrink-0 place-items-center rounded-full transition-colors hover:bg-sunken disabled:opacity-40 ${className}`}
      {...rest}
    >
      {children}
    </button>
  );
}
