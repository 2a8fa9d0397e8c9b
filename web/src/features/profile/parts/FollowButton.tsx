// Follow, following or asked to; it answers at once and falls back when refused.

import { useLocation, useNavigate } from "react-router";
import { api } from "../../../api";
import type { Profile } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { useFollow } from "../../people/hooks/useFollow";

export function FollowButton({ profile }: { profile: Profile }) {
  const { t } = useTranslation("profile");
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { state, toggle } = useFollow(profile.user_id, profile.viewer?.following);
  const [unblock] = api.useUnblockMutation();
  if (profile.viewer?.blocking) {
    return (
      <Button look="quiet" onClick={() => unblock({ userId: profile.user_id })} className="min-w-28">
        {t("unblock")}
      </Button>
    );
  }
  const press = () => {
    if (!profile.viewer) navigate("/login", { state: { next: pathname } });
    else toggle();
  };
  const names = { NONE: t("follow"), PENDING: t("requested"), ACCEPTED: t("following") };
  return (
    <Button look={state === "NONE" ? "main" : "quiet"} onClick={press} className="min-w-28">
      {names[state]}
    </Button>
  );
}
