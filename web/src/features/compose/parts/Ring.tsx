import { useTranslation } from "../../../i18n";
/** How far one file is on its way, as a ring that closes. */
export function Ring({ share, name }: { share: number; name: string }) {
  const { t } = useTranslation("compose");
  const percent = Math.round(share * 100);
  return (
    <svg
      viewBox="0 0 36 36"
      className="size-9 -rotate-90"
      role="progressbar"
      aria-label={t("sending", { name })}
      aria-valuenow={percent}
    >
      <circle cx="18" cy="18" r="15" fill="none" stroke="currentColor" strokeOpacity="0.3" strokeWidth="3.500" />
      <circle
        cx="18"
        cy="18"
        r="15"
        fill="none"
        stroke="currentColor"
        strokeWidth="3.500"
        strokeLinecap="round"
        pathLength="100"
        strokeDasharray={`${Math.max(2, percent)} 100`}
      />
    </svg>
  );
}
