// Who shared a post, when and where, and what its author may do with it.
import { Link2, Trash2 } from "lucide-react";
import { Link, useNavigate } from "react-router";
import { api } from "../../../api";
import type { Post } from "../../../api/types";
import { useAppDispatch } from "../../../app/store";
import { Ago } from "../../../ui/Ago";
import { Avatar } from "../../../ui/Avatar";
import { Menu } from "../../../ui/Menu";
import { showToast } from "../../../ui/toasts";
import { Verified } from "../../people/parts/AccountRow";
import { useSession } from "../../session/hooks/useSession";

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
      <PostMenu post={post} onPage={onPage} />
    </header>
  );
}

function PostMenu({ post, onPage }: { post: Post; onPage: boolean }) {
  const { me } = useSession();
  const [remove] = api.useDeletePostMutation();
  const dispatch = useAppDispatch();
  const navigate = useNavigate();
  const copy = async () => {
    await navigator.clipboard.writeText(new URL(`/posts/${post.post_id}`, window.location.href).href);
    dispatch(showToast({ text: "Link copied." }));
  };
  const own = me?.user_id === post.author.user_id;
  const acts = [{ name: "Copy link", icon: <Link2 aria-hidden="true" />, onChoose: copy, danger: false }];
  if (own) {
    acts.push({
      name: "Delete post",
      icon: <Trash2 aria-hidden="true" />,
      danger: true,
      onChoose: async () => {
        if (onPage) navigate("/");
        remove({ postId: post.post_id });
      },
    });
  }
  return <Menu label="More about this post" acts={acts} />;
}
