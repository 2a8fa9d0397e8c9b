import type { KeyboardEvent } from "react";
import { useTranslation } from "../../../i18n";

export const steps = ["filter", "crop", "adjust"] as const;
export type Step = (typeof steps)[number];

/** What one is at: filters, crop or adjustments. */
export function Steps({ step, onStep }: { step: Step; onStep: (step: Step) => void }) {
  const { t } = useTranslation("edit");
  const press = (event: KeyboardEvent) => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move) return;
    const next = steps[(steps.indexOf(step) + move + steps.length) % steps.length] as Step;
    onStep(next);
    document.getElementById(`step-${next}`)?.focus();
  };
  return (
    <div
      role="tablist"
      aria-label={t("steps.name")}
      className="grid grid-cols-3 border-line border-b"
      onKeyDown={press}
    >
      {steps.map((name) => (
        <button
          key={name}
          id={`step-${name}`}
          type="button"
          role="tab"
          tabIndex={step === name ? 0 : -1}
          aria-selected={step === name}
          aria-controls="step-panel"
          onClick={() => onStep(name)}
          className="min-h-11 border-transparent border-b-2 font-medium text-ink-soft text-sm aria-selected:border-ink aria-selected:text-ink"
        >
          {t(`steps.${name}`)}
        </button>
      ))}
    </div>
  );
}
