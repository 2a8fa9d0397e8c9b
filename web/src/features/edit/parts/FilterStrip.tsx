// All filters to choose from, each on the picture itself.
import { useTranslation } from "../../../i18n";
import { type Edit, frameOf, noEdit } from "../edit";
import { filters } from "../filters";
import type { Studio } from "../studio";
import { Drawing } from "./Drawing";
import { Slider } from "./Slider";

type Props = { studio: Studio | undefined; edit: Edit; onChange: (act: string, part: Partial<Edit>) => void };

export function FilterStrip({ studio, edit, onChange }: Props) {
  const { t } = useTranslation("edit");
  const square = studio && middle(studio, edit);
  const offered = [{ name: "none", label: t("noFilter") }, ...filters];
  return (
    <div className="flex min-h-0 flex-col gap-3">
      <fieldset className="-m-1 min-h-0 min-w-0 overflow-x-auto p-1 md:overflow-y-auto">
        <legend className="sr-only">{t("filters")}</legend>
        <div className="flex gap-2 md:grid md:grid-cols-3">
          {offered.map(({ name, label }) => (
            <label key={name} className="w-18 shrink-0 cursor-pointer text-center text-xs md:w-auto">
              <input
                type="radio"
                name="filter"
                checked={edit.filter === name}
                onChange={() => onChange("filter", { filter: name, strength: 100 })}
                className="peer sr-only"
              />
              <span className="block aspect-square overflow-hidden rounded-s bg-sunken ring-ink ring-offset-2 ring-offset-sheet peer-checked:ring-2 peer-focus-visible:outline-2 peer-focus-visible:outline-amber peer-focus-visible:outline-offset-4">
                {square && <Thumbnail studio={studio} square={square} name={name} />}
              </span>
              <span className="block truncate pt-1.5 text-ink-soft peer-checked:font-semibold peer-checked:text-ink">
                {label}
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {edit.filter !== "none" && (
        <Slider
          label={t("strength")}
          value={edit.strength}
          least={0}
          most={100}
          rest={100}
          onChange={(strength) => onChange("strength", { strength })}
        />
      )}
    </div>
  );
}

const edits = new Map<string, Edit>();

/** One edit a filter and crop, always the same object, so that nothing is drawn twice. */
function Thumbnail({ studio, square, name }: { studio: Studio; square: Edit; name: string }) {
  const key = JSON.stringify([name, square.crop, square.rotate, square.straighten]);
  const edit = edits.get(key) ?? { ...square, filter: name };
  edits.set(key, edit);
  return <Drawing studio={studio} edit={edit} side={144} className="size-full object-cover" />;
}

/** The middle square of what the edit cuts out. */
function middle({ width, height }: Studio, { crop, rotate, straighten }: Edit): Edit {
  const [across, down] = frameOf(width, height, { rotate });
  const whole = crop ?? { x: 0, y: 0, width: 1, height: 1 };
  const side = Math.min(whole.width * across, whole.height * down);
  const cut = {
    x: whole.x + whole.width / 2 - side / across / 2,
    y: whole.y + whole.height / 2 - side / down / 2,
    width: side / across,
    height: side / down,
  };
  return { ...noEdit, rotate, straighten, crop: cut };
}
