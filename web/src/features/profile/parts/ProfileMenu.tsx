// What one may do about somebody: mute, block, and taking that back.
import { Ban, BellOff, BellRing, Link2 } from "lucide-react";
import { useState } from "react";
import { api } from "../../../api";
import type { Profile } from "../../../api/types";
import { useAppDispatch } from "../../../app/store";
import { Confirm } from "../../../ui/Confirm";
import { type Act, Menu } from "../../../ui/Menu";
import { showToast } from "../../../ui/toasts";
import { useMute } from "../../people/hooks/useMute";

export function ProfileMenu({ profile }: { profile: Profile }) {
  const { user_id: userId, username, viewer } = profile;
  const [asking, setAsking] = useState(false);
  const [block] = api.useBlockMutation();
  const [unblock] = api.useUnblockMutation();
  const { mute, unmute } = useMute(profile);
  const dispatch = useAppDispatch();
  const copy = async () => {
    await navigator.clipboard.writeText(new URL(`/@${username}`, window.location.href).href);
    dispatch(showToast({ text: "Link copied." }));
  };
  const acts: Act[] = [{ name: "Copy link", icon: <Link2 aria-hidden="true" />, onChoose: copy }];
  if (viewer?.muting) acts.push({ name: "Unmute", icon: <BellRing aria-hidden="true" />, onChoose: unmute });
  else if (viewer && !viewer.blocking)
    acts.push({ name: "Mute", icon: <BellOff aria-hidden="true" />, onChoose: mute });
  if (viewer?.blocking)
    acts.push({ name: "Unblock", icon: <Ban aria-hidden="true" />, onChoose: () => unblock({ userId }) });
  else if (viewer)
    acts.push({ name: "Block", icon: <Ban aria-hidden="true" />, danger: true, onChoose: () => setAsking(true) });
  return (
    <>
      <Menu label={`More about ${username}`} acts={acts} />
      {asking && (
        <Confirm
          title={`Block ${username}?`}
          act="Block"
          onAct={() => block({ userId })}
          onClose={() => setAsking(false)}
        >
          Neither of you will find or see anything of the other, and you stop following each other. They are not told.
          You can unblock them in the settings; who followed whom does not come back.
        </Confirm>
      )}
    </>
  );
}
