// Cropping, filters and adjustments of one picture, in a dialog. What is not done is left as it was.
import { RotateCcw, SplitSquareHorizontal, Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "../../../i18n";
import { Button, IconButton } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { type Edit, noEdit, sameEdit } from "../edit";
import { useHistory } from "../hooks/useHistory";
import { useStudio } from "../hooks/useStudio";
import { Stage } from "./Stage";
import { type Step, Steps } from "./Steps";

type Props = {
  source: Blob;
  edit: Edit;
  onDone: (edit: Edit) => void;
  onClose: () => void;
  /** Offered where there are other pictures, which may look the same. */
  onApplyToAll?: (edit: Edit) => void;
};

export default function Editor({ source, edit: first, onDone, onClose, onApplyToAll }: Props) {
  const { t } = useTranslation("edit");
  const { edit, change, undo, canUndo } = useHistory(first);
  const { studio, failed } = useStudio(source);
  const [step, setStep] = useState<Step>("filter");
  const [compares, setCompares] = useState(false);
  const done = (
    <Button onClick={() => (sameEdit(edit, first) ? onClose() : onDone(edit))} disabled={!studio}>
      {t("done")}
    </Button>
  );
  return (
    <Dialog title={t("title")} onClose={onClose} action={done} className="md:w-[min(94vw,1000px)]">
      {failed ? (
        <p role="alert" className="p-6 text-danger">
          {t("cannotShow")}
        </p>
      ) : (
        <div className="flex h-full flex-col md:grid md:h-[min(74dvh,640px)] md:grid-cols-[minmax(0,1fr)_340px]">
          <Stage
            studio={studio}
            edit={edit}
            step={step}
            compares={compares}
            onCompare={setCompares}
            onChange={change}
            panel={(body) => (
              <div className="flex min-h-0 flex-1 flex-col border-line md:border-l">
                <Steps step={step} onStep={setStep} />
                <div className="min-h-0 flex-1 overflow-y-auto p-4">{body}</div>
                <div className="flex items-center gap-1 border-line border-t px-3 py-1.5">
                  <IconButton
                    label={t("undo")}
                    aria-disabled={!canUndo}
                    className="aria-disabled:opacity-40"
                    onClick={undo}
                  >
                    <Undo2 aria-hidden="true" className="size-5" />
                  </IconButton>
                  <IconButton label={t("reset")} onClick={() => change("reset", noEdit)}>
                    <RotateCcw aria-hidden="true" className="size-5" />
                  </IconButton>
                  <Compare compares={compares} onCompare={setCompares} />
                  {onApplyToAll && (
                    <Button look="quiet" className="ml-auto" onClick={() => onApplyToAll(edit)}>
                      {t("applyToAll")}
                    </Button>
                  )}
                </div>
              </div>
            )}
          />
        </div>
      )}
    </Dialog>
  );
}

/** Shows the picture without its looks for as long as it is held. */
function Compare({ compares, onCompare }: { compares: boolean; onCompare: (compares: boolean) => void }) {
  const { t } = useTranslation("edit");
  const keys = [" ", "Enter"];
  return (
    <IconButton
      label={t("compare")}
      aria-pressed={compares}
      className="touch-none aria-pressed:bg-sunken"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        onCompare(true);
      }}
      onPointerUp={() => onCompare(false)}
      onPointerCancel={() => onCompare(false)}
      onKeyDown={(event) => keys.includes(event.key) && onCompare(true)}
      onKeyUp={(event) => keys.includes(event.key) && onCompare(false)}
      onBlur={() => onCompare(false)}
    >
      <SplitSquareHorizontal aria-hidden="true" className="size-5" />
    </IconButton>
  );
}
