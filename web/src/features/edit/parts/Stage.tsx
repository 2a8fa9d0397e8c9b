// The picture at work, and the panel of the step: both of cropping know how near the picture is and of which shape.
import { type ReactNode, useState } from "react";
import { useTranslation } from "../../../i18n";
import { Spinner } from "../../../ui/Spinner";
import { type Crop, type Edit, frameOf, noEdit } from "../edit";
import type { Studio } from "../studio";
import { Adjustments } from "./Adjustments";
import { CropPanel, type Shape, shapes } from "./CropPanel";
import { CropStage } from "./CropStage";
import { Drawing } from "./Drawing";
import { FilterStrip } from "./FilterStrip";
import type { Step } from "./Steps";

type Props = {
  studio: Studio | undefined;
  edit: Edit;
  step: Step;
  compares: boolean;
  onCompare: (compares: boolean) => void;
  onChange: (act: string, part: Partial<Edit>) => void;
  panel: (body: ReactNode) => ReactNode;
};

export function Stage({ studio, edit, step, compares, onCompare, onChange, panel }: Props) {
  const { t } = useTranslation("edit");
  const [chosen, setChosen] = useState<Shape>();
  const [zoom, setZoom] = useState<number>();
  const shape = chosen ?? (studio ? shapeOf(studio, edit) : "original");
  const near = zoom ?? (studio ? zoomOf(studio, edit, shape) : 1);
  const { crop, rotate, straighten } = edit;
  const again = (part: Partial<Edit>, act: string, next = shape) => {
    setChosen(next);
    setZoom(1);
    onChange(act, { crop: null, ...part });
  };
  const shown = compares ? { ...noEdit, crop, rotate, straighten } : edit;
  return (
    <>
      <div className="relative h-[min(50dvh,440px)] shrink-0 overflow-hidden bg-sunken md:h-auto">
        {step === "crop" ? (
          <CropStage
            studio={studio}
            edit={edit}
            shape={shape}
            zoom={near}
            onZoom={setZoom}
            onCrop={(cut: Crop | null) => onChange("crop", { crop: cut })}
          />
        ) : studio ? (
          <Drawing
            studio={studio}
            edit={shown}
            side={1080}
            label={t(compares ? "previewBefore" : "preview")}
            onPointerDown={() => {
              onCompare(true);
              addEventListener("pointerup", () => onCompare(false), { once: true });
              addEventListener("pointercancel", () => onCompare(false), { once: true });
            }}
            className="absolute inset-0 size-full select-none object-contain"
          />
        ) : (
          <div className="absolute inset-0 grid place-items-center">
            <Spinner />
          </div>
        )}
      </div>
      {panel(
        <div id="step-panel" role="tabpanel" aria-labelledby={`step-${step}`} className="flex h-full flex-col">
          {step === "filter" && <FilterStrip studio={studio} edit={edit} onChange={onChange} />}
          {step === "adjust" && <Adjustments edit={edit} onChange={onChange} />}
          {step === "crop" && (
            <CropPanel
              edit={edit}
              shape={shape}
              zoom={near}
              onShape={(next) => again({}, "shape", next)}
              onZoom={setZoom}
              onTurn={(quarters) => again({ rotate: (((rotate / 90 + quarters) % 4) * 90) as Edit["rotate"] }, "turn")}
              onStraighten={(degrees) => onChange("straighten", { straighten: degrees })}
            />
          )}
        </div>,
      )}
    </>
  );
}

/** The shape that the crop of an edit has. */
function shapeOf({ width, height }: Studio, edit: Edit): Shape {
  if (!edit.crop) return "original";
  const [across, down] = frameOf(width, height, edit);
  const aspect = (edit.crop.width * across) / (edit.crop.height * down);
  const near = (Object.keys(shapes) as Shape[]).find((name) => Math.abs((shapes[name] ?? -1) - aspect) < 0.01);
  return near ?? "original";
}

/** How near the picture is in the window of that shape. */
function zoomOf({ width, height }: Studio, edit: Edit, shape: Shape): number {
  if (!edit.crop) return 1;
  const [across, down] = frameOf(width, height, edit);
  const aspect = shapes[shape] ?? across / down;
  const widest = Math.min(1, (aspect * down) / across);
  return Math.max(1, widest / edit.crop.width);
}
