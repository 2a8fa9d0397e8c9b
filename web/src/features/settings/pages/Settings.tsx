// Settings: the list, and beside or after it the chosen one.

import {
  AtSign,
  Ban,
  BellOff,
  ChevronLeft,
  ChevronRight,
  DoorOpen,
  HardDrive,
  Link2,
  Lock,
  LogOut,
  MonitorSmartphone,
  Palette,
  ShieldCheck,
  UserRound,
} from "lucide-react";
import { Link, Navigate, NavLink, useNavigate, useParams } from "react-router";
import { api } from "../../../api";
import { useTranslation } from "../../../i18n";
import { AccountForms } from "../parts/AccountForms";
import { Appearance } from "../parts/Appearance";
import { Blocked, Muted } from "../parts/Avoided";
import { Connected } from "../parts/Connected";
import { Leaving } from "../parts/Leaving";
import { Privacy } from "../parts/Privacy";
import { ProfileForm } from "../parts/ProfileForm";
import { SecuritySettings } from "../parts/SecuritySettings";
import { Sessions } from "../parts/Sessions";
import { Storage } from "../parts/Storage";

const sections = {
  profile: { icon: UserRound, Part: ProfileForm },
  account: { icon: AtSign, Part: AccountForms },
  security: { icon: ShieldCheck, Part: SecuritySettings },
  connected: { icon: Link2, Part: Connected },
  privacy: { icon: Lock, Part: Privacy },
  blocked: { icon: Ban, Part: Blocked },
  muted: { icon: BellOff, Part: Muted },
  sessions: { icon: MonitorSmartphone, Part: Sessions },
  storage: { icon: HardDrive, Part: Storage },
  appearance: { icon: Palette, Part: Appearance },
  leaving: { icon: DoorOpen, Part: Leaving },
};
type Section = keyof typeof sections;
const entries = Object.entries(sections) as [Section, (typeof sections)[Section]][];

const row =
  "flex min-h-12 w-full items-center gap-3 rounded-s px-3 text-left -outline-offset-2 hover:bg-sunken aria-[current=page]:bg-sunken aria-[current=page]:font-semibold [&>svg]:size-5";

export default function Settings() {
  const { t } = useTranslation("settings");
  const { section } = useParams();
  const chosen = (Object.keys(sections) as Section[]).find((one) => one === section);
  if (section && !chosen) return <Navigate to="/settings" replace />;
  // Without a choice, wide screens show the first beside the list; phones show the list alone.
  const shown = chosen ?? "profile";
  const { Part } = sections[shown];
  const Title = chosen ? "h1" : "h2";
  return (
    <div className="mx-auto grid max-w-[880px] md:grid-cols-[220px_minmax(0,1fr)] md:gap-10 md:px-6 md:pt-8">
      <title>{t("pageTitle", { section: chosen ? t(`sections.${chosen}`) : t("title") })}</title>
      <nav aria-label={t("title")} className={`px-4 pt-4 md:block md:px-0 md:pt-0 ${chosen ? "hidden" : ""}`}>
        {chosen ? (
          <p className="px-3 pb-3 font-semibold text-lg">{t("title")}</p>
        ) : (
          <h1 className="px-3 pb-3 font-semibold text-lg">{t("title")}</h1>
        )}
        <ul className="grid gap-1">
          {entries.map(([path, { icon: Icon }]) => (
            <li key={path}>
              <NavLink to={`/settings/${path}`} className={row}>
                <Icon aria-hidden="true" />
                <span className="flex-1">{t(`sections.${path}`)}</span>
                <ChevronRight aria-hidden="true" className="text-ink-faint md:hidden" />
              </NavLink>
            </li>
          ))}
          <li className="mt-2 border-line border-t pt-2">
            <LogOutButton />
          </li>
        </ul>
      </nav>
      <section aria-labelledby="section" className={`px-4 pt-3 md:block md:px-0 md:pt-0 ${chosen ? "" : "hidden"}`}>
        <div className="flex items-center gap-1 pb-5">
          <Link
            to="/settings"
            aria-label={t("back")}
            className="-ml-2 grid size-10 place-items-center rounded-full hover:bg-sunken md:hidden"
          >
            <ChevronLeft className="size-5" aria-hidden="true" />
          </Link>
          <Title id="section" className="font-semibold text-lg">
            {t(`sections.${shown}`)}
          </Title>
        </div>
        <Part />
      </section>
    </div>
  );
}

function LogOutButton() {
  const { t } = useTranslation("settings");
  const [logout, { isLoading }] = api.useLogoutMutation();
  const navigate = useNavigate();
  const leave = async () => {
    await logout({ body: {} });
    navigate("/login", { replace: true });
  };
  return (
    <button type="button" onClick={leave} disabled={isLoading} className={row}>
      <LogOut aria-hidden="true" />
      {t("logOut")}
    </button>
  );
}
