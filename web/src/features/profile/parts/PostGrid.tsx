// A person's posts, three a row; the pointer and the focus bring out the counts.

import { Camera, Heart, Images, MessageCircle, Pin } from "lucide-react";
import { Link } from "react-router";
import { api } from "../../../api";
import { isApiError } from "../../../api/errors";
import { postsOf } from "../../../api/lists";
import type { Post, Profile } from "../../../api/types";
import { useOpenCompose } from "../../../app/useUnder";
import { useTranslation } from "../../../i18n";
import { short } from "../../../lib/numbers";
import { Button } from "../../../ui/Button";
import { More } from "../../../ui/More";
import { Photo } from "../../../ui/Photo";
import { Blank, Failed } from "../../../ui/states";
import { GridBones } from "./ProfileBones";

export function PostGrid({ profile, own }: { profile: Profile; own: boolean }) {
  const { t } = useTranslation(["profile", "common"]);
  const list = api.useUserPostsInfiniteQuery({ userId: profile.user_id });
  const posts = postsOf(list.currentData);
  if (list.isLoading) {
    return (
      <div role="status" aria-label={t("common:loading")} className="animate-late">
        <GridBones />
      </div>
    );
  }
  if (list.error && posts.length === 0) {
    return (
      <Failed
        error={list.error}
        onRetry={list.refetch}
        title={isApiError(list.error) && list.error.status === 403 ? t("grid.refused") : undefined}
      />
    );
  }
  if (posts.length === 0) return <NoPosts own={own} username={profile.username} />;
  return (
    <>
      <h2 className="sr-only">{t("grid.title")}</h2>
      <Cells posts={posts} />
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} error={list.error} onMore={list.fetchNextPage} />
    </>
  );
}

export function Cells({ posts }: { posts: Post[] }) {
  return (
    <ul className="grid grid-cols-3 gap-1 border-line pt-1 md:border-t">
      {posts.map((post) => (
        <li key={post.post_id}>
          <Cell post={post} />
        </li>
      ))}
    </ul>
  );
}

function Cell({ post }: { post: Post }) {
  const { t } = useTranslation(["profile", "common"]);
  const [cover] = post.media;
  const name = [
    post.pinned ? t("pinned") : "",
    (cover?.alt_text || post.caption || t("grid.photo")).slice(0, 80),
    post.like_count === null ? "" : t("common:likesCount", { count: post.like_count }),
    t("common:commentsCount", { count: post.comment_count }),
  ]
    .filter(Boolean)
    .join(", ");
  return (
    <Link
      to={`/posts/${post.post_id}`}
      aria-label={name}
      className="group relative block aspect-square overflow-hidden bg-sunken focus-visible:z-10"
    >
      {cover ? (
        <Photo media={cover} sizes="(min-width: 975px) 320px, 33vw" alt="" />
      ) : (
        <span dir="auto" className="line-clamp-5 p-3 text-ink-soft text-xs leading-4 md:p-5 md:text-sm md:leading-5">
          {post.caption}
        </span>
      )}
      {post.pinned && (
        <span className="absolute top-2 left-2 grid size-7 place-items-center rounded-full bg-veil text-white">
          <Pin aria-hidden="true" className="size-4 fill-white" />
        </span>
      )}
      {post.media.length > 1 && (
        <Images
          aria-hidden="true"
          className="absolute top-2 right-2 size-4.5 text-white drop-shadow-[0_0_3px_oklch(0_0_0/0.6)]"
        />
      )}
      <span className="absolute inset-0 flex items-center justify-center gap-5 bg-veil font-semibold text-white opacity-0 transition-opacity group-hover:opacity-100 group-focus-visible:opacity-100 max-md:hidden [&_svg]:size-5 [&_svg]:fill-white">
        {post.like_count !== null && (
          <span className="flex items-center gap-1.5">
            <Heart aria-hidden="true" /> {short(post.like_count)}
          </span>
        )}
        <span className="flex items-center gap-1.5">
          <MessageCircle aria-hidden="true" /> {short(post.comment_count)}
        </span>
      </span>
    </Link>
  );
}

function NoPosts({ own, username }: { own: boolean; username: string }) {
  const { t } = useTranslation(["profile", "common"]);
  const compose = useOpenCompose();
  if (!own)
    return (
      <Blank icon={<Camera />} title={t("grid.none")}>
        {t("grid.noneAbout", { name: username })}
      </Blank>
    );
  return (
    <Blank icon={<Camera />} title={t("grid.own")} act={<Button onClick={compose}>{t("grid.first")}</Button>}>
      {t("grid.ownAbout")}
    </Blank>
  );
}
