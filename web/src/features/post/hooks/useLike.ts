// Reacting to a post and taking it back; who is not signed in is asked to be.
import { useLocation, useNavigate } from "react-router";
import { api } from "../../../api";
import type { Post, Reaction } from "../../../api/types";

export function useLike(post: Post) {
  const [like] = api.useLikePostMutation();
  const [unlike] = api.useUnlikePostMutation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { post_id: postId } = post;
  const react = (reaction: Reaction | null) => {
    if (!post.viewer) navigate("/login", { state: { next: pathname } });
    else if (reaction) like({ postId, body: { reaction } });
    else unlike({ postId });
  };
  const liked = post.viewer?.reaction != null;
  return { react, put: () => liked || react("LIKE") };
}
