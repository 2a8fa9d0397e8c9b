// What stands around every page: bars on phones, a rail beside it from tablets on.

import { Suspense } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { useSession } from "../features/session/hooks/useSession";
import { useTranslation } from "../i18n";
import { Failed, Loading } from "../ui/states";
import { Boundary } from "./Broken";
import { BottomBar, Rail, TopBar, VisitorBar } from "./bars";
import { useAppSelector } from "./store";
import { useOnline } from "./useOnline";

export function Frame({ forMembers = false }: { forMembers?: boolean }) {
  const { me, out, error, retry } = useSession();
  const { pathname } = useLocation();
  if (forMembers && out) {
    return <Navigate to="/login" replace state={pathname === "/" ? undefined : { next: pathname }} />;
  }
  if (out) {
    return (
      <>
        <SkipLink />
        <VisitorBar />
        <Main />
      </>
    );
  }
  return (
    <div className="md:pl-18 xl:pl-61">
      <SkipLink />
      <TopBar me={me} />
      <Rail me={me} />
      {forMembers && !me ? <main>{error ? <Failed error={error} onRetry={retry} /> : <Loading />}</main> : <Main />}
      <OfflineNote />
      <BottomBar me={me} />
    </div>
  );
}

function Main() {
  const { pathname } = useLocation();
  return (
    <main
      id="main"
      tabIndex={-1}
      className="min-h-[calc(100dvh-7rem)] pb-[calc(4rem+env(safe-area-inset-bottom))] outline-none md:min-h-0 md:pb-8"
    >
      <Boundary key={pathname}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </Boundary>
    </main>
  );
}

function OfflineNote() {
  const { t } = useTranslation();
  const online = useOnline();
  const waiting = useAppSelector((state) => state.outbox.length);
  if (online && waiting === 0) return null;
  return (
    <p
      role="status"
      className="fixed inset-x-0 bottom-[calc(3rem+env(safe-area-inset-bottom))] z-20 bg-ink px-4 py-1.5 text-center text-plate text-xs md:bottom-0"
    >
      {!online && t("offline")} {waiting > 0 && t("outbox.waiting", { count: waiting })}
    </p>
  );
}

function SkipLink() {
  const { t } = useTranslation();
  return (
    <a
      href="#main"
      className="sr-only z-40 rounded-s bg-amber px-4 py-2 font-semibold text-on-amber focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
    >
      {t("skip")}
    </a>
  );
}
