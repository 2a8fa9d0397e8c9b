// Settings: the list, and beside or after it the chosen one.
import {
  Ban,
  BellOff,
  ChevronLeft,
  ChevronRight,
  Lock,
  LogOut,
  MonitorSmartphone,
  Palette,
  UserRound,
} from "lucide-react";
import { Link, Navigate, NavLink, useNavigate, useParams } from "react-router";
import { api } from "../../../api";
import { Appearance } from "../parts/Appearance";
import { Blocked, Muted } from "../parts/Avoided";
import { Privacy } from "../parts/Privacy";
import { ProfileForm } from "../parts/ProfileForm";
import { Sessions } from "../parts/Sessions";

const sections = {
  profile: { name: "Profile", icon: UserRound, Part: ProfileForm },
  privacy: { name: "Privacy", icon: Lock, Part: Privacy },
  blocked: { name: "Blocked", icon: Ban, Part: Blocked },
  muted: { name: "Muted", icon: BellOff, Part: Muted },
  sessions: { name: "Sessions", icon: MonitorSmartphone, Part: Sessions },
  appearance: { name: "Appearance", icon: Palette, Part: Appearance },
};
const row =
  "flex min-h-12 w-full items-center gap-3 rounded-s px-3 text-left -outline-offset-2 hover:bg-sunken aria-[current=page]:bg-sunken aria-[current=page]:font-semibold [&>svg]:size-5";

export default function Settings() {
  const { section } = useParams();
  const chosen = section ? sections[section as keyof typeof sections] : undefined;
  if (section && !chosen) return <Navigate to="/settings" replace />;
  // Without a choice, wide screens show the first beside the list; phones show the list alone.
  const shown = chosen ?? sections.profile;
  const Title = chosen ? "h1" : "h2";
  return (
    <div className="mx-auto grid max-w-[880px] md:grid-cols-[220px_minmax(0,1fr)] md:gap-10 md:px-6 md:pt-8">
      <title>{`${chosen?.name ?? "Settings"} · Tintype`}</title>
      <nav aria-label="Settings" className={`px-4 pt-4 md:block md:px-0 md:pt-0 ${chosen ? "hidden" : ""}`}>
        {chosen ? (
          <p className="px-3 pb-3 font-semibold text-lg">Settings</p>
        ) : (
          <h1 className="px-3 pb-3 font-semibold text-lg">Settings</h1>
        )}
        <ul className="grid gap-1">
          {Object.entries(sections).map(([path, { name, icon: Icon }]) => (
            <li key={path}>
              <NavLink to={`/settings/${path}`} className={row}>
                <Icon aria-hidden="true" />
                <span className="flex-1">{name}</span>
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
            aria-label="Back to settings"
            className="-ml-2 grid size-10 place-items-center rounded-full hover:bg-sunken md:hidden"
          >
            <ChevronLeft className="size-5" aria-hidden="true" />
          </Link>
          <Title id="section" className="font-semibold text-lg">
            {shown.name}
          </Title>
        </div>
        <shown.Part />
      </section>
    </div>
  );
}

function LogOutButton() {
  const [logout, { isLoading }] = api.useLogoutMutation();
  const navigate = useNavigate();
  const leave = async () => {
    await logout({ body: {} });
    navigate("/login", { replace: true });
  };
  return (
    <button type="button" onClick={leave} disabled={isLoading} className={row}>
      <LogOut aria-hidden="true" />
      Log out
    </button>
  );
}
