// A post among many: its picture at its own ratio, or its words; the pointer and the focus bring out the counts.
import { Heart, Images, MessageCircle, Play } from "lucide-react";
import { Link } from "react-router";
import type { Post } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { short } from "../../../lib/numbers";
import { Photo } from "../../../ui/Photo";

const tallest = 0.6;
const widest = 1.91;
const mark = "absolute top-2 right-2 size-4.5 text-white drop-shadow-[0_0_3px_oklch(0_0_0/0.6)]";

export function Tile({ post }: { post: Post }) {
  const { t } = useTranslation(["profile", "common"]);
  const [cover] = post.media;
  const author = t("common:by", { name: post.author.username });
  const ratio = cover ? Math.min(widest, Math.max(tallest, (cover.width ?? 1) / (cover.height ?? 1))) : undefined;
  return (
    <Link
      to={`/posts/${post.post_id}`}
      style={{ aspectRatio: ratio }}
      className="group relative block overflow-hidden rounded-s bg-sunken outline-offset-[-2px] md:rounded-m"
    >
      {cover ? (
        <>
          <Photo media={cover} sizes="(min-width: 1264px) 240px, (min-width: 640px) 33vw, 50vw" alt="" />
          <span className="sr-only">
            {[(cover.alt_text || post.caption || t("grid.photo")).slice(0, 80), author].join(", ")}
          </span>
        </>
      ) : (
        <Words caption={post.caption} author={author} />
      )}
      <span className="sr-only">
        {post.like_count !== null && `, ${t("common:likesCount", { count: post.like_count })}`}
        {`, ${t("common:commentsCount", { count: post.comment_count })}`}
      </span>
      {cover?.kind === "VIDEO" && <Play aria-hidden="true" className={`${mark} fill-white`} />}
      {post.media.length > 1 && <Images aria-hidden="true" className={mark} />}
      <span
        aria-hidden="true"
        className="absolute inset-0 flex items-center justify-center gap-5 bg-veil font-semibold text-white opacity-0 transition-opacity group-hover:opacity-100 group-focus-visible:opacity-100 max-md:hidden [&_svg]:size-5 [&_svg]:fill-white"
      >
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

function Words({ caption, author }: { caption: string; author: string }) {
  return (
    <span className="grid gap-2 rounded-[inherit] bg-sheet p-4 frame-line">
      <span dir="auto" className="line-clamp-6 whitespace-pre-wrap [overflow-wrap:anywhere]">
        {caption}
      </span>
      <span className="truncate text-ink-faint text-xs">{author}</span>
    </span>
  );
}
