// Following and no longer: what is said one after the other, so that the last one holds.
import { useRef } from "react";
import { api } from "../../../api";

export function useFollow(userId: string, state: "NONE" | "PENDING" | "ACCEPTED" = "NONE") {
  const [follow] = api.useFollowMutation();
  const [unfollow] = api.useUnfollowMutation();
  const last = useRef<PromiseLike<unknown>>(Promise.resolve());
  const toggle = () => {
    const act = () => (state === "NONE" ? follow({ userId }) : unfollow({ userId }));
    last.current = last.current.then(act);
  };
  return { state, toggle };
}
