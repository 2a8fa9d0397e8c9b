// What its author sees of a post that is being made or did not get through.
import { CircleAlert } from "lucide-react";
import { api } from "../../../api";
import type { Post } from "../../../api/types";
import { Button } from "../../../ui/Button";
import { Spinner } from "../../../ui/Spinner";

export function Problem({ post }: { post: Post }) {
  const [remove, { isLoading }] = api.useDeletePostMutation();
  if (post.status === "processing") {
    return (
      <p role="status" className="flex animate-late items-center gap-2 text-ink-faint">
        <Spinner /> Finishing your post…
      </p>
    );
  }
  if (post.status !== "failed" && post.status !== "blocked") return null;
  const blocked = post.status === "blocked";
  return (
    <div role="alert" className="flex gap-3 rounded-m bg-sunken p-3">
      <CircleAlert aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-danger" />
      <div className="grid justify-items-start gap-2">
        <p className="font-semibold">
          {blocked ? "This post is not shown to others" : "This post could not be finished"}
        </p>
        <p className="text-ink-soft">
          {post.problem?.message ??
            (blocked ? "It does not follow the rules here." : "Something in it could not be read.")}{" "}
          {blocked
            ? "Delete it and share it again with other words or pictures."
            : "Delete it and try again with another file."}
        </p>
        <Button look="danger" className="bg-sheet" busy={isLoading} onClick={() => remove({ postId: post.post_id })}>
          Delete it
        </Button>
      </div>
    </div>
  );
}
