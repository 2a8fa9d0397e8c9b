// What others may see and do with a post.

import { useId } from "react";
import { useTranslation } from "../../../i18n";
import { inputClass } from "../../../ui/Field";
import { Switch } from "../../../ui/Switch";
import type { Choices } from "../details";

type Props = { choices: Choices; hasPictures: boolean; onChange: (change: Partial<Choices>) => void };

export function ChoiceFields({ choices, hasPictures, onChange }: Props) {
  const { t } = useTranslation("details");
  return (
    <fieldset className="grid gap-4">
      <legend className="mb-3 font-semibold">{t("choices")}</legend>
      <Comments choices={choices} onChange={onChange} />
      <Switch
        name={t("hideLikes")}
        about={t("hideLikesAbout")}
        checked={choices.hide_like_counts}
        onChange={(hide_like_counts) => onChange({ hide_like_counts })}
      />
      {hasPictures && (
        <>
          <Switch
            name={t("download")}
            about={t("downloadAbout")}
            checked={choices.download_allowed}
            onChange={(download_allowed) => onChange({ download_allowed })}
          />
          <Switch
            name={t("takenAt")}
            about={t("takenAtAbout")}
            checked={choices.show_taken_at}
            onChange={(show_taken_at) => onChange({ show_taken_at })}
          />
        </>
      )}
    </fieldset>
  );
}

const commenters = ["EVERYONE", "FOLLOWERS", "FOLLOWED"] as const;
const nobody = "OFF";

function Comments({ choices, onChange }: Pick<Props, "choices" | "onChange">) {
  const { t } = useTranslation("details");
  const id = useId();
  const choose = (value: string) => {
    const from = commenters.find((one) => one === value);
    onChange(from ? { comments_enabled: true, comments_from: from } : { comments_enabled: false });
  };
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        {t("comments")}
      </label>
      <select
        id={id}
        aria-describedby={`${id}-hint`}
        value={choices.comments_enabled ? choices.comments_from : nobody}
        onChange={(event) => choose(event.target.value)}
        className={inputClass}
      >
        {commenters.map((one) => (
          <option key={one} value={one}>
            {t(`comments${one}`)}
          </option>
        ))}
        <option value={nobody}>{t("commentsOff")}</option>
      </select>
      <p id={`${id}-hint`} className="text-ink-faint text-xs">
        {t("commentsHint")}
      </p>
    </div>
  );
}
