// One post with its talk: on wide screens the picture stays at the left while the talk scrolls at the right.

import { useRef, useState } from "react";
import { useParams } from "react-router";
import { api } from "../../../api";
import { findPost } from "../../../api/cache";
import { isApiError } from "../../../api/errors";
import type { Comment, Post } from "../../../api/types";
import { NotFound } from "../../../app/NotFound";
import { useAppSelector } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { onDay } from "../../../lib/time";
import { Ago } from "../../../ui/Ago";
import { Failed } from "../../../ui/states";
import { useWatched } from "../hooks/useWatched";
import { Caption } from "../parts/Caption";
import { CommentForm } from "../parts/CommentForm";
import { Comments } from "../parts/Comments";
import { PostActions } from "../parts/PostActions";
import { PostBones } from "../parts/PostBones";
import { TextPlate } from "../parts/PostCard";
import { PostHeader } from "../parts/PostHeader";
import { PostPicture } from "../parts/PostPicture";
import Problem from "../parts/Problem";

export default function PostPage() {
  const { postId = "" } = useParams();
  const { currentData, error, refetch } = api.useGetPostQuery({ postId });
  const listed = useAppSelector((state) => findPost(state, postId));
  const post = currentData ?? (error ? undefined : listed);
  useWatched(post);
  if (!post && isApiError(error) && (error.status === 404 || error.status === 422)) return <NotFound what="post" />;
  if (!post && error) return <Failed error={error} onRetry={refetch} />;
  if (!post) return <PostBones />;
  return <Whole key={postId} post={post} />;
}

function Whole({ post }: { post: Post }) {
  const { t } = useTranslation("post");
  const [cover] = post.media;
  const box = useRef<HTMLTextAreaElement>(null);
  const [answering, setAnswering] = useState<Comment>();
  const answer = (comment: Comment | undefined) => {
    setAnswering(comment);
    box.current?.focus();
  };
  return (
    <article
      aria-label={t("by", { name: post.author.username })}
      className={`mx-auto md:mt-6 md:bg-sheet md:rounded-m md:frame-line ${cover ? "max-w-[1180px] lg:grid lg:grid-cols-[minmax(0,1fr)_400px] lg:grid-rows-[auto_1fr] md:mx-6 xl:mx-auto" : "max-w-[630px]"}`}
    >
      <title>{t("pageTitle", { name: post.author.full_name || post.author.username })}</title>
      <h1 className="sr-only">{t("by", { name: post.author.username })}</h1>
      <div className={`px-4 py-3 ${cover ? "lg:col-start-2 lg:border-line lg:border-b lg:border-l" : ""}`}>
        <PostHeader post={post} onPage />
      </div>
      {cover && <Stage post={post} />}
      <div className={`flex min-w-0 flex-col ${cover ? "lg:col-start-2 lg:border-line lg:border-l" : ""}`}>
        {!cover && <TextPlate text={post.caption} people={post.mentions} />}
        <div className="grid gap-3 px-4 pt-4 empty:hidden lg:pb-4">
          {cover && post.caption && <Caption text={post.caption} people={post.mentions} whole />}
          <Problem post={post} />
        </div>
        <div className="px-4 pb-3 lg:hidden">
          <Acts post={post} onComment={() => box.current?.focus()} />
        </div>
        <Comments post={post} onAnswer={answer} />
        <div className="sticky bottom-[calc(3rem+env(safe-area-inset-bottom))] mt-auto rounded-b-m border-line border-t bg-plate px-4 py-3 md:bottom-0 md:bg-sheet">
          <div className="hidden pb-3 lg:-mt-2 lg:block">
            <Acts post={post} onComment={() => box.current?.focus()} />
          </div>
          <CommentForm post={post} box={box} answering={answering} onDone={() => setAnswering(undefined)} />
        </div>
      </div>
    </article>
  );
}

function Stage({ post }: { post: Post }) {
  const [cover] = post.media;
  const local = useAppSelector((state) => (cover ? state.localPictures[cover.media_id] : undefined));
  const width = cover?.width ?? local?.width ?? 1;
  const height = cover?.height ?? local?.height ?? 1;
  return (
    <div className="bg-sunken lg:col-start-1 lg:row-span-2 lg:row-start-1 lg:rounded-l-m lg:overflow-clip">
      <div
        className="relative mx-auto max-h-[72dvh] w-full overflow-hidden lg:sticky lg:top-6 lg:h-[calc(100dvh-3rem-2px)] lg:max-h-none lg:[aspect-ratio:auto]!"
        style={{ aspectRatio: Math.max(0.6, width / height) }}
      >
        <PostPicture post={post} sizes="(min-width: 1024px) 700px, 100vw" first fit="contain" />
      </div>
    </div>
  );
}

function Acts({ post, onComment }: { post: Post; onComment: () => void }) {
  const { t } = useTranslation("post");
  const takenAt = post.media.find(({ taken_at }) => taken_at)?.taken_at;
  return (
    <>
      <PostActions post={post} onComment={onComment} />
      <p className="text-ink-faint text-xs">
        <Ago time={post.created_at} long />
        {post.edited_at && ` · ${t("edited")}`}
      </p>
      {takenAt && <p className="text-ink-faint text-xs">{t("takenOn", { day: onDay(takenAt) })}</p>}
      {post.hide_like_counts && post.like_count !== null && (
        <p className="text-ink-faint text-xs">{t("likesHidden")}</p>
      )}
    </>
  );
}
