// A post as it stands in the feed.

import { lazy, type Ref, Suspense } from "react";
import { Link } from "react-router";
import type { Account, Post } from "../../../api/types";
import { useAppSelector } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { feedRatio } from "../../../ui/photoSources";
import { useWatched } from "../hooks/useWatched";
import { Caption } from "./Caption";
import { PostActions } from "./PostActions";
import { PostHeader } from "./PostHeader";
import { PostPicture } from "./PostPicture";

const Problem = lazy(() => import("./Problem"));

type Props = { post: Post; first: boolean; watch?: Ref<HTMLElement> };

export function PostCard({ post, first, watch }: Props) {
  const { t } = useTranslation("post");
  useWatched(post);
  const [cover] = post.media;
  const local = useAppSelector((state) => (cover ? state.localPictures[cover.media_id] : undefined));
  const ratio = feedRatio(cover?.width ?? local?.width, cover?.height ?? local?.height);
  return (
    <article
      ref={watch}
      tabIndex={-1}
      data-post-id={post.post_id}
      aria-label={t("by", { name: post.author.username })}
      className="scroll-mt-16 border-line border-b pb-5 md:scroll-mt-4 md:border-0 md:pb-10"
    >
      <div className="px-4 py-2.5 md:px-0">
        <PostHeader post={post} />
      </div>
      {cover ? (
        <div className="relative overflow-hidden bg-sunken md:rounded-m" style={{ aspectRatio: ratio }}>
          <PostPicture post={post} sizes="(min-width: 768px) 630px, 100vw" first={first} />
        </div>
      ) : (
        <TextPlate text={post.caption} people={post.mentions} />
      )}
      <div className="grid gap-1.5 px-4 pt-1 md:px-0">
        <PostActions post={post} />
        {cover && post.caption && <Caption text={post.caption} people={post.mentions} />}
        {post.comment_count > 0 && (
          <Link
            to={`/posts/${post.post_id}`}
            className="justify-self-start rounded-s py-0.5 text-ink-faint hover:text-ink"
          >
            {t("viewComments", { count: post.comment_count })}
          </Link>
        )}
        {post.status !== "published" && (
          <Suspense>
            <Problem post={post} />
          </Suspense>
        )}
      </div>
    </article>
  );
}

/** A post without a picture: its words are the plate. */
export function TextPlate({ text, people }: { text: string; people?: Account[] }) {
  return (
    <div className="grid min-h-40 content-center bg-sheet px-6 py-8 text-base max-md:border-line max-md:border-y md:rounded-m md:frame-line">
      <div className={text.length < 120 ? "text-lg" : ""}>
        <Caption text={text} people={people} whole={text.length < 900} />
      </div>
    </div>
  );
}
