// What only oneself sees: posts one has saved, and posts one has put away.

import { Archive, Bookmark } from "lucide-react";
import { api } from "../../../api";
import { postsOf } from "../../../api/lists";
import { useTranslation } from "../../../i18n";
import { More } from "../../../ui/More";
import { Blank, Failed } from "../../../ui/states";
import { useSession } from "../../session/hooks/useSession";
import { OwnTabs } from "../parts/OwnTabs";
import { Cells } from "../parts/PostGrid";
import { GridBones } from "../parts/ProfileBones";

export default function Kept({ list }: { list: "saved" | "archive" }) {
  const { t } = useTranslation("profile");
  const { me } = useSession();
  return (
    <div className="mx-auto max-w-[975px] md:px-6 md:pt-6">
      <title>{t(`${list}.title`)}</title>
      <h1 className="px-4 pt-4 pb-5 text-center font-semibold text-lg">{t(`tabs.${list}`)}</h1>
      {me && <OwnTabs username={me.username} />}
      {list === "saved" ? <Saved /> : <Archived />}
    </div>
  );
}

function Saved() {
  const list = api.useSavedPostsInfiniteQuery(undefined, { refetchOnMountOrArgChange: true });
  return <List list={list} kind="saved" />;
}

function Archived() {
  const list = api.useArchivedPostsInfiniteQuery(undefined, { refetchOnMountOrArgChange: true });
  return <List list={list} kind="archive" />;
}

type ListProps = { list: ReturnType<typeof api.useSavedPostsInfiniteQuery>; kind: "saved" | "archive" };

function List({ list, kind }: ListProps) {
  const { t } = useTranslation(["profile", "common"]);
  const posts = postsOf(list.currentData);
  if (list.isLoading) {
    return (
      <div role="status" aria-label={t("common:loading")} className="animate-late">
        <GridBones />
      </div>
    );
  }
  if (list.error && posts.length === 0) return <Failed error={list.error} onRetry={list.refetch} />;
  if (posts.length === 0 && !list.hasNextPage) {
    return (
      <Blank icon={kind === "saved" ? <Bookmark /> : <Archive />} title={t(`${kind}.none`)}>
        {t(`${kind}.about`)}
      </Blank>
    );
  }
  return (
    <>
      <Cells posts={posts} />
      <More hasMore={list.hasNextPage} busy={list.isFetchingNextPage} error={list.error} onMore={list.fetchNextPage} />
    </>
  );
}
