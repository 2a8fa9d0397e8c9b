// The bars and the rail, all of the same five entries.

import { Compass, House, type LucideIcon, Search, Settings, SquarePlus, UserRoundPlus } from "lucide-react";
import type { ReactNode } from "react";
import { Link, NavLink, useLocation } from "react-router";
import { api } from "../api";
import { accountsOf } from "../api/lists";
import type { Me } from "../api/types";
import { useRequests } from "../features/people/hooks/useRequests";
import { useTranslation } from "../i18n";
import { Avatar } from "../ui/Avatar";
import { buttonClass } from "../ui/Button";
import { Mark, WordMark } from "../ui/Logo";
import { loadCompose } from "./loadCompose";
import { useAppDispatch } from "./store";
import { useOpenCompose } from "./useUnder";

const item =
  "flex items-center justify-center gap-4 rounded-m transition-colors hover:bg-sunken aria-[current=page]:font-semibold [&_svg]:size-6.5 [&_svg]:stroke-[1.75] aria-[current=page]:[&_svg]:stroke-[2.5]";
const inBar = `${item} h-12 flex-1 hover:bg-transparent`;
const inRail = `${item} size-12 xl:h-12 xl:w-full xl:justify-start xl:px-3 xl:text-base`;

function Entry({ to, name, icon: Icon, className }: { to: string; name: string; icon: LucideIcon; className: string }) {
  return (
    <NavLink to={to} end={to === "/"} className={className} aria-label={name} title={name}>
      <Icon aria-hidden="true" />
      <Label>{name}</Label>
    </NavLink>
  );
}

const Label = ({ children }: { children: ReactNode }) => <span className="hidden xl:inline">{children}</span>;

/** Home, which from home itself goes to the top and looks for what is new. */
function HomeEntry({ className }: { className: string }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const dispatch = useAppDispatch();
  return (
    <NavLink
      to="/"
      end
      className={className}
      aria-label={t("home")}
      title={t("home")}
      onClick={() => {
        if (pathname !== "/") return;
        window.scrollTo({ top: 0, behavior: "smooth" });
        dispatch(api.util.invalidateTags(["Home"]));
      }}
    >
      <House aria-hidden="true" />
      <Label>{t("home")}</Label>
    </NavLink>
  );
}

function NewEntry({ className }: { className: string }) {
  const { t } = useTranslation();
  const open = useOpenCompose();
  return (
    <button
      type="button"
      onClick={open}
      onPointerEnter={loadCompose}
      onFocus={loadCompose}
      className={className}
      aria-label={t("newPost")}
      title={t("newPost")}
    >
      <SquarePlus aria-hidden="true" />
      <Label>{t("newPost")}</Label>
    </button>
  );
}

function ProfileEntry({ me, className }: { me?: Me; className: string }) {
  const { t } = useTranslation();
  if (!me) return <span className={className} />;
  return (
    <NavLink to={`/@${me.username}`} className={`group ${className}`} aria-label={t("profile")} title={t("profile")}>
      <Avatar
        user={me}
        size={26}
        className="ring-ink ring-offset-2 ring-offset-plate group-aria-[current=page]:ring-2"
      />
      <Label>{t("profile")}</Label>
    </NavLink>
  );
}

/** Who asks to follow; only private accounts are asked. The count is drawn: the name of the link tells it. */
function RequestsEntry({ me, className }: { me?: Me; className: string }) {
  const { t } = useTranslation();
  const { currentData, hasNextPage } = useRequests();
  if (!me?.is_private) return null;
  const waiting = accountsOf(currentData).length;
  const name = waiting ? t(hasNextPage ? "requestsWaitingMore" : "requestsWaiting", { count: waiting }) : t("requests");
  return (
    <NavLink to="/requests" className={className} aria-label={name} title={name}>
      <span className="relative">
        <UserRoundPlus aria-hidden="true" />
        {waiting > 0 && (
          <span
            aria-hidden="true"
            data-count={waiting > 9 ? "9+" : waiting}
            className="absolute -top-1.5 left-3.5 min-w-4.5 rounded-full bg-amber px-1 text-center font-semibold text-on-amber text-xs tabular-nums leading-4.5 ring-2 ring-plate before:content-[attr(data-count)]"
          />
        )}
      </span>
      <Label>{t("requests")}</Label>
    </NavLink>
  );
}

export function TopBar({ me }: { me?: Me }) {
  const { t } = useTranslation();
  return (
    <header className="sticky top-0 z-20 flex h-12 items-center border-line border-b bg-plate px-4 md:hidden">
      <Link to="/" aria-label={t("homeLink")} className="flex items-center gap-2">
        <Mark className="size-6" />
        <WordMark className="h-5.5" />
      </Link>
      <nav aria-label={t("activityNav")} className="-mr-2.5 ml-auto flex">
        <RequestsEntry me={me} className={`${item} size-11`} />
        <Entry to="/settings" name={t("settings")} icon={Settings} className={`${item} size-11`} />
      </nav>
    </header>
  );
}

export function BottomBar({ me }: { me?: Me }) {
  const { t } = useTranslation();
  return (
    <nav
      aria-label={t("mainNav")}
      className="fixed inset-x-0 bottom-0 z-20 flex border-line border-t bg-plate pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <HomeEntry className={inBar} />
      <Entry to="/explore" name={t("explore")} icon={Compass} className={inBar} />
      <NewEntry className={inBar} />
      <Entry to="/people" name={t("people")} icon={Search} className={inBar} />
      <ProfileEntry me={me} className={inBar} />
    </nav>
  );
}

export function Rail({ me }: { me?: Me }) {
  const { t } = useTranslation();
  return (
    <header className="fixed inset-y-0 left-0 z-20 hidden w-18 flex-col items-center border-line border-r bg-plate px-3 py-5 md:flex xl:w-61 xl:items-stretch">
      <Link
        to="/"
        aria-label={t("homeLink")}
        className="mb-6 flex h-12 items-center justify-center gap-3 rounded-m xl:justify-start xl:px-3"
      >
        <Mark className="size-7.5 xl:size-7" />
        <WordMark className="hidden h-7 xl:block" />
      </Link>
      <nav aria-label={t("mainNav")} className="flex flex-1 flex-col gap-1">
        <HomeEntry className={inRail} />
        <Entry to="/explore" name={t("explore")} icon={Compass} className={inRail} />
        <Entry to="/people" name={t("people")} icon={Search} className={inRail} />
        <RequestsEntry me={me} className={inRail} />
        <NewEntry className={inRail} />
        <ProfileEntry me={me} className={inRail} />
        <span className="flex-1" />
        <Entry to="/settings" name={t("settings")} icon={Settings} className={inRail} />
      </nav>
    </header>
  );
}

/** For who looks at public pages without an account. */
export function VisitorBar() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <header className="sticky top-0 z-20 border-line border-b bg-plate">
      <div className="mx-auto flex h-14 max-w-[975px] items-center gap-2 px-4">
        <Link to="/login" aria-label="Tintype" className="mr-auto flex items-center gap-2">
          <Mark className="size-6" />
          <WordMark className="h-5.5" />
        </Link>
        <Link to="/login" state={{ next: pathname }} className={buttonClass("main")}>
          {t("logIn")}
        </Link>
        <Link to="/register" className={buttonClass("plain", "px-2")}>
          {t("signUp")}
        </Link>
      </div>
    </header>
  );
}
