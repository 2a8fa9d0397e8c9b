// What one may do about somebody: mute, block, and taking that back.

import { Ban, BellOff, BellRing, Link2 } from "lucide-react";
import { useState } from "react";
import { api } from "../../../api";
import type { Profile } from "../../../api/types";
import { useAppDispatch } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { Confirm } from "../../../ui/Confirm";
import { type Act, Menu } from "../../../ui/Menu";
import { showToast } from "../../../ui/toasts";
import { useMute } from "../../people/hooks/useMute";

export function ProfileMenu({ profile }: { profile: Profile }) {
  const { t } = useTranslation(["profile", "common"]);
  const { user_id: userId, username, viewer } = profile;
  const [asking, setAsking] = useState(false);
  const [block] = api.useBlockMutation();
  const [unblock] = api.useUnblockMutation();
  const { mute, unmute } = useMute(profile);
  const dispatch = useAppDispatch();
  const copy = async () => {
    await navigator.clipboard.writeText(new URL(`/@${username}`, window.location.href).href);
    dispatch(showToast({ text: t("common:notes.linkCopied") }));
  };
  const acts: Act[] = [{ name: t("common:copyLink"), icon: <Link2 aria-hidden="true" />, onChoose: copy }];
  if (viewer?.muting) acts.push({ name: t("unmute"), icon: <BellRing aria-hidden="true" />, onChoose: unmute });
  else if (viewer && !viewer.blocking)
    acts.push({ name: t("mute"), icon: <BellOff aria-hidden="true" />, onChoose: mute });
  if (viewer?.blocking)
    acts.push({ name: t("unblock"), icon: <Ban aria-hidden="true" />, onChoose: () => unblock({ userId }) });
  else if (viewer)
    acts.push({ name: t("block"), icon: <Ban aria-hidden="true" />, danger: true, onChoose: () => setAsking(true) });
  return (
    <>
      <Menu label={t("menu", { name: username })} acts={acts} />
      {asking && (
        <Confirm
          title={t("blockWhom", { name: username })}
          act={t("block")}
          onAct={() => block({ userId })}
          onClose={() => setAsking(false)}
        >
          {t("blockAbout")}
        </Confirm>
      )}
    </>
  );
}
