import { RotateCcw } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "../../../i18n";
import { IconButton } from "../../../ui/Button";

type Props = {
  label: string;
  value: number;
  least: number;
  most: number;
  step?: number;
  /** The value at which nothing is changed. */
  rest?: number;
  shown?: string;
  onChange: (value: number) => void;
};

/** A named slider with its value, and the way back to where nothing is changed. */
export function Slider({ label, value, least, most, step = 1, rest = 0, shown, onChange }: Props) {
  const { t } = useTranslation("edit");
  const id = useId();
  return (
    <div className="grid grid-cols-[1fr_auto] items-center gap-x-2">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <span className="flex items-center text-ink-faint text-xs tabular-nums">
        {shown ?? value}
        <IconButton
          label={t("resetOne", { name: label })}
          aria-disabled={value === rest}
          className="size-8! aria-disabled:opacity-30"
          onClick={() => onChange(rest)}
        >
          <RotateCcw aria-hidden="true" className="size-3.5" />
        </IconButton>
      </span>
      <input
        id={id}
        type="range"
        min={least}
        max={most}
        step={step}
        value={value}
        aria-valuetext={shown}
        onChange={(event) => onChange(Number(event.target.value))}
        className="col-span-2 h-6 w-full cursor-pointer accent-amber"
      />
    </div>
  );
}
