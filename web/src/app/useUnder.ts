// Opening and closing what lies over a page and has an address of its own.
import { type Location, useLocation, useNavigate } from "react-router";

export type Under = { under?: Location; top?: boolean; next?: string; ended?: boolean };

/** The page beneath the present one, if any. */
export function useUnder(): Location | undefined {
  return (useLocation().state as Under | null)?.under;
}

/** Opens the compose dialog over the present page. */
export function useOpenCompose() {
  const navigate = useNavigate();
  const location = useLocation();
  return () => {
    if (location.pathname === "/new") return;
    navigate("/new", { state: { under: location } });
  };
}

/** Goes back to the page beneath. */
export function useCloseOver() {
  const navigate = useNavigate();
  const under = useUnder();
  return () => (under ? navigate(-1) : navigate("/", { replace: true }));
}
