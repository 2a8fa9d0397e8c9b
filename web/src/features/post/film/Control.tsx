import type { LucideIcon } from "lucide-react";

type Props = { icon: LucideIcon; label: string; pressed?: boolean; onClick: () => void };

/** A round button on a video. */
export function Control({ icon: Icon, label, pressed, onClick }: Props) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={onClick}
      className="grid size-9 place-items-center rounded-full bg-veil text-white pointer-coarse:size-11"
    >
      <Icon className="size-4.5" aria-hidden="true" />
    </button>
  );
}
