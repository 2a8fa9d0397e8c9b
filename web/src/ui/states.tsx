// What stands in a page's place while it loads, when it is empty and when it failed.

import type { ReactNode } from "react";
import { Navigate, useLocation } from "react-router";
import { friendly, isApiError } from "../api/errors";
import { useTranslation } from "../i18n";
import { Button } from "./Button";
import { Spinner } from "./Spinner";

type Props = { icon?: ReactNode; title: string; children?: ReactNode; act?: ReactNode; page?: boolean };

/** `page`: it stands for the whole page, so its title is the first heading. */
export function Blank({ icon, title, children, act, page }: Props) {
  const Title = page ? "h1" : "h2";
  return (
    <div className="mx-auto grid max-w-[380px] justify-items-center gap-3 px-6 py-16 text-center">
      {icon && (
        <div className="mb-1 grid size-16 place-items-center rounded-full frame-line text-ink-soft [&_svg]:size-7">
          {icon}
        </div>
      )}
      <Title className="font-semibold text-lg">{title}</Title>
      {children && <p className="text-ink-soft">{children}</p>}
      {act && <div className="mt-2 flex flex-wrap justify-center gap-2">{act}</div>}
    </div>
  );
}

export function Failed({ error, onRetry, title }: { error: unknown; onRetry?: () => void; title?: string }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  if (isApiError(error) && error.status === 401) return <Navigate to="/login" replace state={{ next: pathname }} />;
  const retryable = !isApiError(error) || error.status === 0 || error.status === 429 || error.status >= 500;
  return (
    <div role="alert">
      <Blank
        title={title ?? t("failed")}
        act={
          onRetry &&
          retryable && (
            <Button look="quiet" onClick={onRetry}>
              {t("retry")}
            </Button>
          )
        }
      >
        {friendly(error)}
      </Blank>
    </div>
  );
}

export function Loading({ label }: { label?: string }) {
  const { t } = useTranslation();
  return (
    <div className="grid animate-late place-items-center py-16 text-ink-faint">
      <Spinner label={label ?? t("loading")} />
    </div>
  );
}

export function Bone({ className }: { className: string }) {
  const round = className.includes("rounded") ? "" : "rounded-s";
  return <span className={`block animate-pulse bg-sunken ${round} ${className}`} />;
}
