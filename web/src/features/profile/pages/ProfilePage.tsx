// A person: who they are and their photos.

import { Ban, Lock } from "lucide-react";
import { Navigate, useParams } from "react-router";
import { api } from "../../../api";
import { isApiError } from "../../../api/errors";
import { accountsOf } from "../../../api/lists";
import type { Profile } from "../../../api/types";
import { NotFound } from "../../../app/NotFound";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Blank, Failed } from "../../../ui/states";
import { useSession } from "../../session/hooks/useSession";
import { OwnTabs } from "../parts/OwnTabs";
import { PostGrid } from "../parts/PostGrid";
import { ProfileBones } from "../parts/ProfileBones";
import { ProfileHeader } from "../parts/ProfileHeader";

export default function ProfilePage() {
  const { handle = "" } = useParams();
  const named = handle.startsWith("@");
  const {
    currentData: profile,
    error,
    refetch,
  } = api.useGetUserQuery({ userId: handle.toLowerCase() }, { skip: !named });
  const { me } = useSession();
  if (!named) return <NotFound />;
  if (!profile && isApiError(error) && error.status === 404) {
    return me ? <Unseen username={handle.slice(1).toLowerCase()} onBack={refetch} /> : <NotFound what="person" />;
  }
  if (!profile && error) return <Failed error={error} onRetry={refetch} />;
  if (!profile) return <ProfileBones />;
  // An old name leads to the present one.
  if (profile.username !== handle.slice(1).toLowerCase()) return <Navigate to={`/@${profile.username}`} replace />;
  const own = me?.user_id === profile.user_id;
  const closed =
    (profile.is_private && !own && profile.viewer?.following !== "ACCEPTED") || profile.viewer?.blocking === true;
  return (
    <div className="mx-auto max-w-[975px] md:px-6">
      <title>{`${profile.full_name || profile.username} (@${profile.username}) · Tintype`}</title>
      <ProfileHeader profile={profile} closed={closed} />
      {own && (
        <div className="max-md:-mt-[21px]">
          <OwnTabs username={profile.username} />
        </div>
      )}
      {closed ? <Closed profile={profile} /> : <PostGrid profile={profile} own={own} />}
    </div>
  );
}

function Closed({ profile: { username, viewer } }: { profile: Profile }) {
  const { t } = useTranslation("profile");
  if (viewer?.blocking) {
    return (
      <Blank icon={<Ban />} title={t("blocked", { name: username })}>
        {t("blockedAbout")}
      </Blank>
    );
  }
  if (viewer?.following === "PENDING") {
    return (
      <Blank icon={<Lock />} title={t("asked", { name: username })}>
        {t("askedAbout", { name: username })}
      </Blank>
    );
  }
  return (
    <Blank icon={<Lock />} title={t("closed")}>
      {t("closedAbout", { name: username })}
    </Blank>
  );
}

/** Whom one has blocked is not to be found, except by who looks among those. */
function Unseen({ username, onBack }: { username: string; onBack: () => unknown }) {
  const { t } = useTranslation("profile");
  const blocked = api.useBlockedInfiniteQuery();
  const [unblock, { isLoading }] = api.useUnblockMutation();
  const account = accountsOf(blocked.currentData).find((one) => one.username === username);
  if (!account) return blocked.isLoading ? <ProfileBones /> : <NotFound what="person" />;
  const lift = async () => {
    await unblock({ userId: account.user_id });
    onBack();
  };
  return (
    <>
      <title>{`@${username} · Tintype`}</title>
      <Blank
        page
        icon={<Ban />}
        title={t("blocked", { name: username })}
        act={
          <Button look="quiet" busy={isLoading} onClick={lift}>
            {t("unblock")}
          </Button>
        }
      >
        {t("blockedAbout")}
      </Blank>
    </>
  );
}
