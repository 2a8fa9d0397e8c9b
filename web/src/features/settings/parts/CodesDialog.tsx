// Recovery codes, shown this once.

import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { useDone } from "../hooks/useDone";

export function CodesDialog({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { t } = useTranslation("accounts");
  const done = useDone();
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join("\n"));
    done(t("codes.copied"));
  };
  return (
    <Dialog low title={t("codes.title")} onClose={onClose}>
      <div className="grid gap-5 p-5">
        <p className="text-ink-soft">
          {t("codes.about")} {t("codes.shownOnce")}
        </p>
        <ul className="grid grid-cols-2 gap-x-4 gap-y-2 rounded-m bg-sunken p-4 font-mono text-base">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="quiet" onClick={copy}>
            {t("codes.copy")}
          </Button>
          <Button onClick={onClose}>{t("codes.kept")}</Button>
        </div>
      </div>
    </Dialog>
  );
}
