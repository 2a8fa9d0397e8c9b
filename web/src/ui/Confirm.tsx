// Asks before what cannot be taken back.

import type { ReactNode } from "react";
import { useTranslation } from "../i18n";
import { Button } from "./Button";
import { Dialog } from "./Dialog";

type Props = { title: string; act: string; children: ReactNode; onAct: () => void; onClose: () => void };

export function Confirm({ title, act, children, onAct, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog low title={title} onClose={onClose} className="md:max-w-[400px]">
      <div className="grid gap-5 p-5 pb-[calc(1.25rem+env(safe-area-inset-bottom))]">
        <div className="text-ink-soft">{children}</div>
        <div className="flex justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button
            look="danger"
            onClick={() => {
              onClose();
              onAct();
            }}
          >
            {act}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
