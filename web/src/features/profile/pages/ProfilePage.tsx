// A person: who they are and their photos.
import { CircleUserRound, Lock } from "lucide-react";
import { useParams } from "react-router";
import { api } from "../../../api";
import { isApiError } from "../../../api/errors";
import type { Profile } from "../../../api/types";
import { NotFound } from "../../../app/NotFound";
import { Blank, Failed, Loading } from "../../../ui/states";
import { useSession } from "../../session/hooks/useSession";
import { PostGrid } from "../parts/PostGrid";
import { ProfileHeader } from "../parts/ProfileHeader";

export default function ProfilePage() {
  const { handle = "" } = useParams();
  const named = handle.startsWith("@");
  const {
    currentData: profile,
    error,
    refetch,
  } = api.useGetUserQuery({ userId: handle.toLowerCase() }, { skip: !named });
  if (!named) return <NotFound />;
  if (!profile && isApiError(error) && error.status === 404) return <NotFound what="person" />;
  if (!profile && error) return <Failed error={error} onRetry={refetch} />;
  if (!profile) return <Loading label="Loading the profile" />;
  return (
    <div className="mx-auto max-w-[975px] md:px-6">
      <title>{`${profile.full_name || profile.username} (@${profile.username}) · Tintype`}</title>
      <ProfileHeader profile={profile} />
      <Posts profile={profile} />
    </div>
  );
}

function Posts({ profile }: { profile: Profile }) {
  const { me } = useSession();
  const own = me?.user_id === profile.user_id;
  if (profile.is_private && !own && profile.viewer?.following !== "ACCEPTED") {
    return (
      <Blank icon={<Lock />} title="This account is private">
        Follow {profile.username} to see their photos.
      </Blank>
    );
  }
  if (profile.viewer?.blocking) {
    return <Blank icon={<CircleUserRound />} title="You have blocked this person" />;
  }
  return <PostGrid profile={profile} own={own} />;
}
