// The posts of the people one follows, ranked or newest first.

import { Images } from "lucide-react";
import { lazy, Suspense } from "react";
import { Link } from "react-router";
import { api } from "../../../api";
import { postsOf } from "../../../api/lists";
import type { FeedOrder, Post } from "../../../api/types";
import { useOpenCompose } from "../../../app/useUnder";
import { useTranslation } from "../../../i18n";
import { Button, buttonClass } from "../../../ui/Button";
import { More } from "../../../ui/More";
import { Blank, Failed } from "../../../ui/states";
import { PostCard } from "../../post/parts/PostCard";
import { useSession } from "../../session/hooks/useSession";
import { useFeedOrder } from "../hooks/useFeedOrder";
import { useFirstFew } from "../hooks/useFirstFew";
import { useImpressions } from "../hooks/useImpressions";
import { useNewPosts, useShowNew } from "../hooks/useNewPosts";
import { FeedBones } from "../parts/FeedBones";
import { NewPosts } from "../parts/NewPosts";
import { OrderSwitch } from "../parts/OrderSwitch";
import { Room } from "../parts/Room";

const Suggestions = lazy(() =>
  import("../../discovery/parts/Suggestions").then((part) => ({ default: part.Suggestions })),
);
const Aside = lazy(() => import("../parts/Aside"));

export function Home() {
  const { t } = useTranslation(["feed", "common"]);
  return (
    <div className="mx-auto flex max-w-[1014px] justify-center gap-16 md:px-6 md:pt-4">
      <title>Tintype</title>
      <div className="w-full min-w-0 max-w-[630px]">
        <h1 className="sr-only">{t("common:home")}</h1>
        <Feed />
      </div>
      {/* Its room is kept, so that nothing moves when it comes. */}
      <Suspense fallback={<div className="hidden w-[320px] shrink-0 xl:block" />}>
        <Aside />
      </Suspense>
    </div>
  );
}

function Feed() {
  const [order, choose] = useFeedOrder();
  const list = api.useHomePostsInfiniteQuery({ order });
  const posts = postsOf(list.currentData);
  const first = list.currentData?.pages[0];
  const news = useNewPosts(first, posts);
  const showNew = useShowNew(order, first?.newest, news.count, list.refetch);
  const turn = (chosen: FeedOrder) => {
    window.scrollTo(0, 0);
    choose(chosen);
  };
  return (
    <>
      <NewPosts {...news} busy={list.isFetching && !list.isFetchingNextPage} onShow={showNew} />
      <div className="px-4 pt-3 pb-1 md:px-0">
        <OrderSwitch order={order} onChoose={turn} />
        {first?.stale && <Stale />}
      </div>
      <Posts list={list} posts={posts} />
    </>
  );
}

function Stale() {
  const { t } = useTranslation("feed");
  return (
    <p role="status" className="py-2 text-ink-soft text-sm">
      {t("stale")}
    </p>
  );
}

type List = ReturnType<typeof api.useHomePostsInfiniteQuery>;

function Posts({ list, posts }: { list: List; posts: Post[] }) {
  const { t } = useTranslation(["feed", "common"]);
  const { me } = useSession();
  const watch = useImpressions(me?.preferences?.impressions !== false);
  const drawn = useFirstFew(posts);
  if (!list.currentData && list.isFetching) return <FeedBones />;
  if (list.error && posts.length === 0) return <Failed error={list.error} onRetry={list.refetch} title={t("failed")} />;
  return (
    <>
      {drawn.map((post, index) => (
        <Room key={post.post_id} id={post.post_id}>
          <PostCard post={post} first={index < 2} watch={post.author.user_id === me?.user_id ? undefined : watch} />
        </Room>
      ))}
      {posts.length === 0 && !list.hasNextPage && <EmptyHome />}
      <More
        hasMore={list.hasNextPage && drawn.length === posts.length}
        busy={list.isFetchingNextPage}
        error={list.error}
        onMore={list.fetchNextPage}
      />
      {posts.length > 0 && !list.hasNextPage && <p className="py-10 text-center text-ink-faint">{t("end")}</p>}
    </>
  );
}

function EmptyHome() {
  const { t } = useTranslation(["feed", "common"]);
  const compose = useOpenCompose();
  return (
    <>
      <Blank
        icon={<Images />}
        title={t("empty.title")}
        act={
          <>
            <Link to="/people" className={buttonClass("main")}>
              {t("findPeople")}
            </Link>
            <Button look="quiet" onClick={compose}>
              {t("empty.share")}
            </Button>
          </>
        }
      >
        {t("empty.about")}
      </Blank>
      <Suspense>
        <Suggested />
      </Suspense>
    </>
  );
}

function Suggested() {
  const { t } = useTranslation("discovery");
  return <Suggestions most={20} title={<h2 className="px-4 font-semibold text-base">{t("suggestions.title")}</h2>} />;
}
