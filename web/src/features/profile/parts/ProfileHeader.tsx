// The head of a profile: portrait, counts, words.

import { Lock } from "lucide-react";
import { Fragment } from "react";
import { Link } from "react-router";
import type { Profile } from "../../../api/types";
import { Trans, useTranslation } from "../../../i18n";
import { Avatar } from "../../../ui/Avatar";
import { buttonClass } from "../../../ui/Button";
import { RichText } from "../../../ui/RichText";
import { Verified } from "../../people/parts/AccountRow";
import { useSession } from "../../session/hooks/useSession";
import { FollowButton } from "./FollowButton";
import { ProfileMenu } from "./ProfileMenu";

/** `closed`: the reader may not see what this person shares, nor who follows whom. */
export function ProfileHeader({ profile, closed }: { profile: Profile; closed: boolean }) {
  const { t } = useTranslation("profile");
  const { me } = useSession();
  return (
    <header className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-5 gap-y-4 px-4 py-5 md:gap-x-16 md:px-8 md:py-10">
      <Avatar user={profile} size={77} className="md:hidden" />
      <Avatar user={profile} size={150} className="max-md:hidden md:row-span-3" />
      <div className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-3">
        <h1 className="flex min-w-0 items-center gap-1.5 text-base md:text-lg">
          <span className="[overflow-wrap:anywhere]">{breakable(profile.username)}</span>
          {profile.is_verified && <Verified />}
          {profile.is_private && (
            <Lock className="size-4 shrink-0 text-ink-faint" aria-label={t("private")} role="img" />
          )}
        </h1>
        {me?.user_id === profile.user_id ? (
          <Link to="/settings/profile" className={buttonClass("quiet")}>
            {t("edit")}
          </Link>
        ) : (
          <span className="flex items-center gap-3">
            <FollowButton profile={profile} />
            {me && <ProfileMenu profile={profile} />}
          </span>
        )}
      </div>
      <Counts profile={profile} closed={closed} />
      <div className="max-md:col-span-2">
        <p className="font-semibold" dir="auto">
          {profile.full_name}
        </p>
        {profile.bio && (
          <p dir="auto" className="max-w-[60ch] whitespace-pre-wrap [overflow-wrap:anywhere]">
            <RichText text={profile.bio} />
          </p>
        )}
        {profile.website && <Website url={profile.website} />}
        {profile.viewer?.followed_by && <p className="mt-1 text-ink-faint text-xs">{t("followsYou")}</p>}
        {profile.viewer?.muting && <p className="mt-1 text-ink-faint text-xs">{t("isMuted")}</p>}
      </div>
    </header>
  );
}

/** A username that may break after its dots and underscores. */
function breakable(username: string) {
  return [...username.matchAll(/[^._]*[._]*/g)].map(({ 0: part, index }) => (
    <Fragment key={index}>
      {part}
      <wbr />
    </Fragment>
  ));
}

function Website({ url }: { url: string }) {
  if (!/^https?:\/\//i.test(url)) return null;
  return (
    <a
      href={url}
      rel="nofollow noopener noreferrer me"
      target="_blank"
      className="inline-block max-w-full truncate rounded-s py-0.5 font-medium text-amber hover:underline"
    >
      {url.replace(/^https?:\/\/(www\.)?/i, "").replace(/\/$/, "")}
    </a>
  );
}

function Counts({ profile, closed }: { profile: Profile; closed: boolean }) {
  const base = `/@${profile.username}`;
  const followers = <Count of={profile.follower_count} what="followers" />;
  const following = <Count of={profile.following_count} what="followed" />;
  return (
    <ul className="flex max-md:order-last max-md:col-span-2 max-md:-mx-4 max-md:justify-around max-md:border-line max-md:border-y max-md:py-3 max-md:text-center md:gap-8">
      <li>
        <Count of={profile.post_count} what="posts" />
      </li>
      <li>
        {closed ? (
          followers
        ) : (
          <Link to={`${base}/followers`} className="rounded-s">
            {followers}
          </Link>
        )}
      </li>
      <li>
        {closed ? (
          following
        ) : (
          <Link to={`${base}/following`} className="rounded-s">
            {following}
          </Link>
        )}
      </li>
    </ul>
  );
}

function Count({ of, what }: { of: number; what: "posts" | "followers" | "followed" }) {
  const { t } = useTranslation("profile");
  return (
    <span className="text-ink-soft max-md:grid md:text-base">
      <Trans
        text={t(what, { count: of })}
        components={{ n: <strong className="font-semibold text-ink tabular-nums" /> }}
      />
    </span>
  );
}
