// A hashtag: how many public posts have it, and which.

import { Hash } from "lucide-react";
import { useParams } from "react-router";
import { api } from "../../../api";
import { isApiError } from "../../../api/errors";
import { postsOf } from "../../../api/lists";
import { NotFound } from "../../../app/NotFound";
import { useTranslation } from "../../../i18n";
import { More } from "../../../ui/More";
import { Blank, Failed } from "../../../ui/states";
import { Masonry, MasonryBones } from "../parts/Masonry";

export default function HashtagPage() {
  const { t } = useTranslation("discovery");
  const name = (useParams().name ?? "").normalize("NFC").toLowerCase();
  // One of them has the name of a route of the API, which the sign tells apart.
  const { currentData, error } = api.useGetHashtagQuery({ name: `#${name}` });
  if (isApiError(error) && error.status === 404) return <NotFound />;
  return (
    <div className="mx-auto max-w-[1100px] md:px-4.5 md:pt-6">
      <title>{t("hashtag.pageTitle", { name })}</title>
      <header className="flex items-center gap-4 px-4 py-4 md:px-1.5">
        <span className="grid size-16 shrink-0 place-items-center rounded-full text-ink-soft frame-line">
          <Hash aria-hidden="true" className="size-7" />
        </span>
        <div className="min-w-0">
          <h1 dir="auto" className="font-semibold text-lg [overflow-wrap:anywhere]">{`#${name}`}</h1>
          <p className="min-h-5 text-ink-soft tabular-nums">
            {currentData && t("hashtag.posts", { count: currentData.post_count })}
          </p>
        </div>
      </header>
      <Posts name={name} />
    </div>
  );
}

function Posts({ name }: { name: string }) {
  const { t } = useTranslation("discovery");
  const list = api.useHashtagPostsInfiniteQuery({ name: `#${name}` });
  const posts = postsOf(list.currentData);
  if (list.isLoading) return <MasonryBones />;
  if (list.error && posts.length === 0)
    return <Failed error={list.error} onRetry={list.refetch} title={t("hashtag.failed")} />;
  if (posts.length === 0 && !list.hasNextPage)
    return (
      <Blank icon={<Hash />} title={t("hashtag.none", { name })}>
        {t("hashtag.noneAbout", { name })}
      </Blank>
    );
  return (
    <>
      <Masonry posts={posts} />
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} error={list.error} onMore={list.fetchNextPage} />
    </>
  );
}
