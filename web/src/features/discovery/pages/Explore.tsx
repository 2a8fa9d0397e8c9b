// Public posts of everybody, those first with which much is done of late.

import { Compass } from "lucide-react";
import { api } from "../../../api";
import { postsOf } from "../../../api/lists";
import { useTranslation } from "../../../i18n";
import { More } from "../../../ui/More";
import { Blank, Failed } from "../../../ui/states";
import { Masonry, MasonryBones } from "../parts/Masonry";

export default function Explore() {
  const { t } = useTranslation("discovery");
  return (
    <div className="mx-auto max-w-[1100px] md:px-4.5 md:pt-6">
      <title>{t("explore.pageTitle")}</title>
      <h1 className="px-4 pt-4 pb-3 font-semibold text-lg md:px-1.5">{t("explore.title")}</h1>
      <Posts />
    </div>
  );
}

function Posts() {
  const { t } = useTranslation("discovery");
  const list = api.useExplorePostsInfiniteQuery();
  const posts = postsOf(list.currentData);
  if (list.isLoading) return <MasonryBones />;
  if (list.error && posts.length === 0)
    return <Failed error={list.error} onRetry={list.refetch} title={t("explore.failed")} />;
  if (posts.length === 0 && !list.hasNextPage)
    return (
      <Blank icon={<Compass />} title={t("explore.none")}>
        {t("explore.noneAbout")}
      </Blank>
    );
  return (
    <>
      <Masonry posts={posts} />
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} error={list.error} onMore={list.fetchNextPage} />
      {!list.hasNextPage && <p className="py-10 text-center text-ink-faint">{t("explore.end")}</p>}
    </>
  );
}
