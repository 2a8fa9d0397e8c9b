// Where a post was made: a name, and coordinates that are typed or taken over from the photo.

import { MapPin } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { TextField } from "../../../ui/Field";
import { inDegrees, isOnGlobe, type Place } from "../details";

type Point = { lat: number; lng: number };
type Props = {
  place: Place | null;
  /** Where the photo says that it was taken. */
  offer?: Point;
  problem?: string;
  onChange: (place: Place | null) => void;
};

export function PlaceField({ place, offer, problem, onChange }: Props) {
  const { t } = useTranslation("details");
  const name = place?.name ?? "";
  const isUsed = offer && place?.lat === offer.lat && place.lng === offer.lng;
  const use = (point: Point) =>
    onChange({ name: name.trim() ? name : `${inDegrees(point.lat)}, ${inDegrees(point.lng)}`, ...point });
  return (
    <div className="grid gap-2">
      <TextField
        label={t("place")}
        hint={t("placeHint")}
        value={name}
        maxLength={200}
        dir="auto"
        autoComplete="off"
        problem={problem}
        onChange={({ target: { value } }) => onChange(value || place?.lat != null ? { ...place, name: value } : null)}
      />
      {offer && !isUsed && (
        <div className="grid justify-items-start gap-1">
          <Button look="quiet" onClick={() => use(offer)}>
            <MapPin className="size-4" aria-hidden="true" /> {t("usePlace")}
          </Button>
          <p className="text-ink-faint text-xs">{t("placeFound")}</p>
        </div>
      )}
      <Coordinates key={`${place?.lat},${place?.lng}`} place={place} onChange={onChange} />
    </div>
  );
}

function Coordinates({ place, onChange }: Pick<Props, "place" | "onChange">) {
  const { t } = useTranslation("details");
  const [lat, setLat] = useState(place?.lat == null ? "" : inDegrees(place.lat));
  const [lng, setLng] = useState(place?.lng == null ? "" : inDegrees(place.lng));
  const [wrong, setWrong] = useState(false);
  const take = () => {
    const [north, east] = [lat, lng].map((text) => Number(text.trim().replace(",", "."))) as [number, number];
    const none = !lat.trim() && !lng.trim();
    const right = none || (lat.trim() !== "" && lng.trim() !== "" && isOnGlobe(north, east));
    setWrong(!right);
    if (!right) return;
    const name = place?.name ?? "";
    if (none && place?.lat != null) onChange(name.trim() ? { name } : null);
    else if (!none && (north !== place?.lat || east !== place?.lng)) onChange({ name, lat: north, lng: east });
  };
  return (
    <details open={place?.lat != null || undefined}>
      <summary className="w-fit cursor-pointer rounded-s py-0.5 text-ink-soft">{t("coordinates")}</summary>
      <div className="grid grid-cols-2 gap-3 pt-2">
        <TextField
          label={t("latitude")}
          inputMode="decimal"
          value={lat}
          onChange={(event) => setLat(event.target.value)}
          onBlur={take}
          problem={wrong ? t("coordinatesWrong") : undefined}
        />
        <TextField
          label={t("longitude")}
          inputMode="decimal"
          value={lng}
          onChange={(event) => setLng(event.target.value)}
          onBlur={take}
        />
      </div>
    </details>
  );
}
