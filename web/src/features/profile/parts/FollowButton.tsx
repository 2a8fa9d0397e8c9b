// Follow, following or asked to; it answers at once and falls back when refused.

import { useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { api } from "../../../api";
import type { Profile } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";

export function FollowButton({ profile }: { profile: Profile }) {
  const { t } = useTranslation("profile");
  const [follow] = api.useFollowMutation();
  const [unfollow] = api.useUnfollowMutation();
  // Said one after the other, so that the last one holds.
  const last = useRef<PromiseLike<unknown>>(Promise.resolve());
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const state = profile.viewer?.following ?? "NONE";
  const [unblock] = api.useUnblockMutation();
  if (profile.viewer?.blocking) {
    return (
      <Button look="quiet" onClick={() => unblock({ userId: profile.user_id })} className="min-w-28">
        {t("unblock")}
      </Button>
    );
  }
  const toggle = () => {
    const { user_id: userId } = profile;
    if (!profile.viewer) navigate("/login", { state: { next: pathname } });
    else {
      const act = () => (state === "NONE" ? follow({ userId }) : unfollow({ userId }));
      last.current = last.current.then(act);
    }
  };
  const names = { NONE: t("follow"), PENDING: t("requested"), ACCEPTED: t("following") };
  return (
    <Button look={state === "NONE" ? "main" : "quiet"} onClick={toggle} className="min-w-28">
      {names[state]}
    </Button>
  );
}
