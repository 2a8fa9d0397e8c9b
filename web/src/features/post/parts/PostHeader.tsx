// Who shared a post, when and where, and what one may do with it.
import { lazy, Suspense } from "react";
import { Link } from "react-router";
import type { Post } from "../../../api/types";
import { Ago } from "../../../ui/Ago";
import { Avatar } from "../../../ui/Avatar";
import { Verified } from "../../people/parts/AccountRow";

const PostMenu = lazy(() => import("./PostMenu"));

export function PostHeader({ post, onPage = false }: { post: Post; onPage?: boolean }) {
  const { author } = post;
  return (
    <header className="flex items-center gap-3">
      <Link to={`/@${author.username}`} aria-hidden="true" tabIndex={-1}>
        <Avatar user={author} size={32} />
      </Link>
      <div className="min-w-0 flex-1">
        <p className="flex min-w-0 items-center gap-1.5">
          <Link to={`/@${author.username}`} className="min-w-0 truncate rounded-s py-0.5 font-semibold">
            {author.username}
          </Link>
          {author.is_verified && <Verified />}
          <span aria-hidden="true" className="text-ink-faint">
            ·
          </span>
          <Link to={`/posts/${post.post_id}`} className="shrink-0 rounded-s py-0.5 text-ink-faint hover:underline">
            <Ago time={post.created_at} />
          </Link>
        </p>
        {post.location?.name && (
          <p className="truncate text-ink-soft text-xs" dir="auto">
            {post.location.name}
          </p>
        )}
      </div>
      <Suspense fallback={<span className="size-10" />}>
        <PostMenu post={post} onPage={onPage} />
      </Suspense>
    </header>
  );
}
