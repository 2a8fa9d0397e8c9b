// A post that is still being made is watched until it stands; its pictures and status then change where it shows.
import { api } from "../../../api";
import type { Post } from "../../../api/types";

export function useWatched(post: Post | undefined) {
  const making = post?.status === "processing" && post.viewer != null;
  api.useWaitForPostQuery(
    { postId: post?.post_id ?? "", seconds: 25 },
    { skip: !making, pollingInterval: 2000, refetchOnMountOrArgChange: true },
  );
}
