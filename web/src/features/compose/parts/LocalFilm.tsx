// A video of the draft, played from this device.

import { useEffect, useState } from "react";
import { useTranslation } from "../../../i18n";
import type { DraftPicture } from "../draft";
import { fileOf } from "../files";
import { longestFilm } from "../kinds";

export function LocalFilm({ picture }: { picture: DraftPicture }) {
  const { t } = useTranslation("compose");
  const file = fileOf(picture.id);
  const [source, setSource] = useState<string>();
  const [seconds, setSeconds] = useState(0);
  const [isUnplayable, setUnplayable] = useState(false);
  // An object URL has to be let go of when it is not shown any more.
  useEffect(() => {
    if (!file) return;
    const url = URL.createObjectURL(file);
    setSource(url);
    return () => URL.revokeObjectURL(url);
  }, [file]);
  if (!source || isUnplayable) {
    return <p className="p-6 text-center text-ink-faint [overflow-wrap:anywhere]">{picture.name}</p>;
  }
  return (
    <>
      <video
        src={source}
        poster={picture.preview}
        controls
        muted
        playsInline
        preload="metadata"
        aria-label={picture.name}
        onLoadedMetadata={({ currentTarget: { duration } }) => setSeconds(Number.isFinite(duration) ? duration : 0)}
        onError={() => setUnplayable(true)}
        className="absolute inset-0 size-full bg-black object-contain"
      />
      {seconds > longestFilm + 0.5 && (
        <p className="absolute inset-x-3 top-3 rounded-s bg-veil px-3 py-1.5 text-white text-xs">
          {t("onlyBeginning", { most: longestFilm })}
        </p>
      )}
    </>
  );
}
