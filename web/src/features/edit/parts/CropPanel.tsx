import { RotateCcwSquare, RotateCwSquare } from "lucide-react";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import type { Edit } from "../edit";
import { Slider } from "./Slider";

export const shapes = { original: undefined, square: 1, portrait: 4 / 5, landscape: 1.91 } as const;
export type Shape = keyof typeof shapes;

type Props = {
  edit: Edit;
  shape: Shape;
  zoom: number;
  onShape: (shape: Shape) => void;
  onZoom: (zoom: number) => void;
  onTurn: (quarters: 1 | 3) => void;
  onStraighten: (degrees: number) => void;
};

/** What shape the picture has, how it is turned, and how near it is. */
export function CropPanel({ edit, shape, zoom, onShape, onZoom, onTurn, onStraighten }: Props) {
  const { t } = useTranslation("edit");
  return (
    <div className="grid gap-3">
      <fieldset className="flex flex-wrap gap-2">
        <legend className="sr-only">{t("shape")}</legend>
        {(Object.keys(shapes) as Shape[]).map((name) => (
          <label key={name} className="cursor-pointer">
            <input
              type="radio"
              name="shape"
              checked={shape === name}
              onChange={() => onShape(name)}
              className="peer sr-only"
            />
            <span className="inline-flex min-h-9 items-center rounded-s bg-sunken px-3 font-medium text-sm peer-checked:bg-ink peer-checked:text-plate peer-focus-visible:outline-2 peer-focus-visible:outline-amber peer-focus-visible:outline-offset-2">
              {t(`shapes.${name}`)}
            </span>
          </label>
        ))}
      </fieldset>
      <div className="flex flex-wrap gap-2">
        <Button look="quiet" onClick={() => onTurn(3)}>
          <RotateCcwSquare aria-hidden="true" className="size-4" /> {t("turnLeft")}
        </Button>
        <Button look="quiet" onClick={() => onTurn(1)}>
          <RotateCwSquare aria-hidden="true" className="size-4" /> {t("turnRight")}
        </Button>
      </div>
      <Slider
        label={t("straighten")}
        value={edit.straighten}
        least={-45}
        most={45}
        step={0.5}
        shown={`${edit.straighten}°`}
        onChange={onStraighten}
      />
      <Slider
        label={t("zoom")}
        value={Math.round(zoom * 100) / 100}
        least={1}
        most={8}
        step={0.05}
        rest={1}
        shown={`${Math.round(zoom * 100)} %`}
        onChange={onZoom}
      />
    </div>
  );
}
