import { useCallback, useState } from "react";
import { type Edit, sameEdit } from "../edit";

type Step = { edit: Edit; act: string; at: number };
const oneGesture = 800;

/** The edit with its way back: what belongs to one gesture, as a drag of a slider, is undone in one step. */
export function useHistory(first: Edit) {
  const [steps, setSteps] = useState<Step[]>([{ edit: first, act: "", at: 0 }]);
  const { edit } = steps[steps.length - 1] as Step;
  const change = useCallback((act: string, part: Partial<Edit>) => {
    setSteps((before) => {
      const last = before[before.length - 1] as Step;
      const next = { edit: { ...last.edit, ...part }, act, at: Date.now() };
      if (sameEdit(next.edit, last.edit)) return before;
      const goesOn = last.act === act && next.at - last.at < oneGesture && before.length > 1;
      return [...(goesOn ? before.slice(0, -1) : before), next];
    });
  }, []);
  const undo = useCallback(() => setSteps((before) => (before.length > 1 ? before.slice(0, -1) : before)), []);
  return { edit, change, undo, canUndo: steps.length > 1 };
}
