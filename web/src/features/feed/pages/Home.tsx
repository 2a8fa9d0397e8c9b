// The posts of the people one follows, newest first.
import { Images } from "lucide-react";
import { Link } from "react-router";
import { api } from "../../../api";
import { postsOf } from "../../../api/lists";
import { useOpenCompose } from "../../../app/useUnder";
import { Button, buttonClass } from "../../../ui/Button";
import { More } from "../../../ui/More";
import { Blank, Bone, Failed } from "../../../ui/states";
import { PostCard } from "../../post/parts/PostCard";
import { Aside } from "../parts/Aside";

export function Home() {
  return (
    <div className="mx-auto flex max-w-[1014px] justify-center gap-16 md:px-6 md:pt-6">
      <title>Tintype</title>
      <div className="w-full min-w-0 max-w-[630px]">
        <h1 className="sr-only">Home</h1>
        <Feed />
      </div>
      <Aside />
    </div>
  );
}

function Feed() {
  const { currentData, isLoading, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    api.useHomePostsInfiniteQuery();
  const posts = postsOf(currentData);
  if (isLoading) return <FeedBones />;
  if (error && posts.length === 0) return <Failed error={error} onRetry={refetch} title="Your feed did not load" />;
  if (posts.length === 0) return <EmptyHome />;
  return (
    <>
      {posts.map((post, index) => (
        <PostCard key={post.post_id} post={post} first={index < 2} />
      ))}
      <More hasMore={hasNextPage} busy={isFetchingNextPage} error={error} onMore={fetchNextPage} />
      {!hasNextPage && <p className="py-10 text-center text-ink-faint">You have seen everything. Nice.</p>}
    </>
  );
}

function EmptyHome() {
  const compose = useOpenCompose();
  return (
    <Blank
      icon={<Images />}
      title="Your feed starts here"
      act={
        <>
          <Link to="/people" className={buttonClass("main")}>
            Find people
          </Link>
          <Button look="quiet" onClick={compose}>
            Share a photo
          </Button>
        </>
      }
    >
      Photos from people you follow will be here, newest first, and your own too.
    </Blank>
  );
}

function FeedBones() {
  return (
    <div className="animate-late" role="status" aria-label="Loading">
      {["a", "b"].map((key) => (
        <div key={key} className="grid gap-3 pb-10">
          <div className="flex items-center gap-3 px-4 pt-3 md:px-0">
            <Bone className="size-8 rounded-full" />
            <Bone className="h-3 w-36" />
          </div>
          <Bone className="aspect-[4/5] w-full rounded-none md:rounded-m" />
          <Bone className="mx-4 h-3 w-52 md:mx-0" />
        </div>
      ))}
    </div>
  );
}
