// How far the server is with one's own video.

import { api } from "../../../api";
import type { Media } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { language } from "../../../i18n/languages";

const every = 2_000;

export function Converting({ media }: { media: Media }) {
  const { t } = useTranslation("film");
  const { data } = api.useGetMediaQuery(
    { mediaId: media.media_id },
    { pollingInterval: every, skip: !isUnderWay(media) },
  );
  const now = data ?? media;
  if (!isUnderWay(now)) return null;
  const share = new Intl.NumberFormat(language(), { style: "percent" }).format(now.progress ?? 0);
  return (
    <p role="status" className="absolute top-3 left-3 rounded-full bg-veil px-3 py-1 text-white text-xs tabular-nums">
      {t("converting", { share })}
    </p>
  );
}

const isUnderWay = ({ status }: Media) => status === "uploaded" || status === "processing";
