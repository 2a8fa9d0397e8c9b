// The notes on screen, one live region for all of them.
import { lazy, Suspense } from "react";
import { useAppSelector } from "../app/store";
import { useTranslation } from "../i18n";

const Note = lazy(() => import("./Note"));

export function Toaster() {
  const { t } = useTranslation();
  const toasts = useAppSelector((state) => state.toasts);
  return (
    <div
      role="status"
      aria-label={t("notes.region")}
      className="pointer-events-none fixed inset-x-0 bottom-[calc(4.5rem+env(safe-area-inset-bottom))] z-30 flex flex-col items-center gap-2 px-4 md:bottom-6"
    >
      <Suspense>
        {toasts.map((toast) => (
          <Note key={toast.id} toast={toast} />
        ))}
      </Suspense>
    </div>
  );
}
