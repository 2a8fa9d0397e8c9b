import { useTranslation } from "../../../i18n";
import { adjustments, type Edit } from "../edit";
import { Slider } from "./Slider";

type Props = { edit: Edit; onChange: (act: string, part: Partial<Edit>) => void };

/** Light and colours. */
export function Adjustments({ edit, onChange }: Props) {
  const { t } = useTranslation("edit");
  return (
    <div className="grid gap-3">
      {adjustments.map((name) => (
        <Slider
          key={name}
          label={t(name)}
          value={edit[name]}
          least={-100}
          most={100}
          onChange={(value) => onChange(name, { [name]: value })}
        />
      ))}
    </div>
  );
}
