// What one's pictures and videos take on the server, of what they may.

import { api } from "../../../api";
import { friendly } from "../../../api/errors";
import { useTranslation } from "../../../i18n";
import { language } from "../../../i18n/languages";

export function Storage() {
  const { t } = useTranslation("settings");
  const { data, error } = api.useGetStorageQuery(undefined, { refetchOnMountOrArgChange: true });
  if (error) return <p role="alert">{friendly(error)}</p>;
  if (!data) return null;
  const { used, quota } = data;
  const share = quota ? Math.min(1, used / quota) : 0;
  return (
    <div className="grid max-w-[520px] gap-3">
      <p className="text-ink-soft">{t("storage.about")}</p>
      <p className="text-lg tabular-nums">
        {quota
          ? t("storage.usedOf", { used: size(used), quota: size(quota) })
          : t("storage.used", { used: size(used) })}
      </p>
      {quota != null && (
        <div className="relative h-2 overflow-hidden rounded-full bg-sunken">
          <meter min={0} max={1} value={share} aria-label={t("storage.title")} className="absolute inset-0 opacity-0" />
          <div
            aria-hidden="true"
            className={`h-full rounded-full ${share > 0.9 ? "bg-danger" : "bg-amber"}`}
            style={{ width: `${Math.max(share * 100, used ? 1 : 0)}%` }}
          />
        </div>
      )}
      {share > 0.9 && <p className="text-danger">{t("storage.nearlyFull")}</p>}
      <p className="text-ink-faint text-xs">{t("storage.deleted")}</p>
    </div>
  );
}

const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/** Bytes as people say them. */
function size(bytes: number): string {
  const power = bytes > 0 ? Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1024))) : 0;
  const format = new Intl.NumberFormat(language(), {
    style: "unit",
    unit: units[power],
    maximumFractionDigits: power > 1 ? 1 : 0,
  });
  return format.format(bytes / 1024 ** power);
}
