// The dialog that lists the keys.
import { useTranslation } from "../i18n";
import { setShortcuts, shortcutsOn } from "../lib/theme";
import { Dialog } from "../ui/Dialog";

const keys = [
  ["H", "home"],
  ["/", "find"],
  ["N", "new"],
  ["P", "profile"],
  ["J  K", "step"],
  ["L", "like"],
  ["O", "open"],
  [".", "showNew"],
  ["←  →", "pictures"],
  ["Esc", "close"],
  ["?", "list"],
] as const;

export default function ShortcutList({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t("shortcuts.title")} onClose={onClose}>
      <dl className="divide-y divide-line px-5 py-2">
        {keys.map(([key, what]) => (
          <div key={key} className="flex items-center justify-between gap-4 py-2.5">
            <dt>{t(`shortcuts.${what}`)}</dt>
            <dd className="flex gap-1">
              {key.split("  ").map((cap) => (
                <kbd
                  key={cap}
                  className="min-w-7 rounded-s bg-sunken px-2 py-1 text-center font-sans font-medium text-xs"
                >
                  {cap}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <label className="flex items-center gap-3 border-line border-t px-5 py-4">
        <input
          type="checkbox"
          defaultChecked={shortcutsOn()}
          onChange={(event) => setShortcuts(event.target.checked)}
          className="size-4"
        />
        {t("shortcuts.on")}
      </label>
    </Dialog>
  );
}
