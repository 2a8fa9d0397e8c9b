// Place, people and choices: for who wants them, behind a line.

import { useState } from "react";
import { useAppDispatch, useAppSelector } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import type { Details } from "../../details/details";
import { usePhotoPlace } from "../../details/hooks/usePhotoPlace";
import { ChoiceFields } from "../../details/parts/ChoiceFields";
import { PlaceField } from "../../details/parts/PlaceField";
import { TagPeople } from "../../details/parts/TagPeople";
import { detailsChanged, draftDetails } from "../draft";

export function More() {
  const { t } = useTranslation("details");
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)} className="border-line border-y py-3">
      <summary className="cursor-pointer rounded-s font-medium">{t("more")}</summary>
      {open && <Fields />}
    </details>
  );
}

function Fields() {
  const draft = useAppSelector((state) => state.compose);
  const dispatch = useAppDispatch();
  const details = draftDetails(draft);
  const offer = usePhotoPlace(draft.pictures.find(({ state }) => state === "uploaded")?.mediaId);
  const change = (some: Partial<Details>) => dispatch(detailsChanged(some));
  return (
    <div className="grid gap-6 pt-4">
      <PlaceField place={details.location} offer={offer} onChange={(location) => change({ location })} />
      <TagPeople
        pictures={draft.pictures.map(({ id, preview, alt }) => ({ key: id, url: preview, alt }))}
        tagged={details.tagged}
        onChange={(tagged) => change({ tagged })}
      />
      <ChoiceFields choices={details} hasPictures={draft.pictures.length > 0} onChange={change} />
    </div>
  );
}
