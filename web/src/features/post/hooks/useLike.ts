// Liking and taking it back; who is not signed in is asked to be.
import { useLocation, useNavigate } from "react-router";
import { api } from "../../../api";
import type { Post } from "../../../api/types";

export function useLike(post: Post) {
  const [like] = api.useLikePostMutation();
  const [unlike] = api.useUnlikePostMutation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const liked = post.viewer?.reaction != null;
  const put = () => {
    if (!post.viewer) navigate("/login", { state: { next: pathname } });
    else if (!liked) like({ postId: post.post_id, body: {} });
  };
  return { liked, put, toggle: () => (liked ? unlike({ postId: post.post_id }) : put()) };
}
