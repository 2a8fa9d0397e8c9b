// What following, blocking and their like change of what is cached.
import { t } from "../i18n";
import { showToast } from "../ui/toasts";
import { changeStanding, changeUser, dropAuthor, homeChanged, removePerson, removeSuggestion } from "./cache";
import { listsApi } from "./lists";
import { optimistic, type Started } from "./optimistic";
import type { Profile } from "./types";

type Following = { following: "NONE" | "PENDING" | "ACCEPTED" };

export async function setFollowing(userId: string, wanted: "NONE" | "ACCEPTED", started: Started<Following>) {
  const move = (to: Following["following"]) => {
    const inLists = changeStanding(started, userId, (viewer) => {
      viewer.following = to;
    });
    const onProfile = changeUser(started, userId, (user) => {
      if (!user.viewer) return;
      const before = user.viewer.following === "ACCEPTED" ? 1 : 0;
      user.viewer.following = to;
      user.follower_count += (to === "ACCEPTED" ? 1 : 0) - before;
    });
    return () => {
      inLists();
      onProfile();
    };
  };
  let guess: Following["following"] = wanted;
  changeUser(started, userId, (user) => {
    if (user.is_private && wanted === "ACCEPTED") guess = "PENDING";
  });
  const answer = await optimistic(started, move(guess));
  if (!answer) return;
  move(answer.following);
  if (answer.following === "ACCEPTED") homeChanged(started);
  else if (wanted === "NONE") dropAuthor(started, userId);
  started.dispatch(listsApi.util.invalidateTags(["People", { type: "User", id: "me" }]));
}

const seenAs = (change: (viewer: NonNullable<Profile["viewer"]>) => void) => (user: Profile) => {
  if (user.viewer) change(user.viewer);
};

export async function setMuting(userId: string, muting: boolean, started: Started<unknown>) {
  const change = seenAs((viewer) => {
    viewer.muting = muting;
  });
  if ((await optimistic(started, changeUser(started, userId, change))) === undefined) return;
  if (muting) dropAuthor(started, userId);
  else homeChanged(started);
  started.dispatch(listsApi.util.invalidateTags(["Mutes"]));
}

/** A block ends follows both ways and hides each from the other, wherever they were listed. */
export async function setBlocking(userId: string, blocking: boolean, started: Started<unknown>) {
  let followed = false;
  const change = (user: Profile) => {
    if (!user.viewer) return;
    followed ||= user.viewer.following === "ACCEPTED";
    user.viewer = { ...user.viewer, blocking, ...(blocking && { following: "NONE", followed_by: false }) };
    if (blocking && followed) user.follower_count = Math.max(0, user.follower_count - 1);
  };
  if ((await optimistic(started, changeUser(started, userId, change))) === undefined) return;
  if (blocking) dropAuthor(started, userId);
  started.dispatch(
    listsApi.util.invalidateTags([
      "Blocks",
      "Mutes",
      "Requests",
      "People",
      "Comment",
      { type: "PostsBy", id: userId },
      { type: "User", id: "me" },
      ...(blocking ? [] : [{ type: "User" as const, id: userId }]),
    ]),
  );
}

/** A request goes from the list at once, whichever way it is answered. */
export async function answerRequest(userId: string, accepted: boolean, started: Started<unknown>) {
  const undo = removePerson(started, "followRequests", undefined, userId);
  if ((await optimistic(started, undo)) === undefined || !accepted) return;
  changeUser(
    started,
    userId,
    seenAs((viewer) => {
      viewer.followed_by = true;
    }),
  );
  started.dispatch(listsApi.util.invalidateTags(["People", { type: "User", id: "me" }]));
}

export async function removeFollower(userId: string, started: Started<unknown>) {
  const change = seenAs((viewer) => {
    viewer.followed_by = false;
  });
  if ((await optimistic(started, changeUser(started, userId, change))) === undefined) return;
  started.dispatch(showToast({ text: t("people:removed") }));
  started.dispatch(listsApi.util.invalidateTags(["People", { type: "User", id: "me" }]));
}

export async function dismissSuggestion(userId: string, started: Started<unknown>) {
  await optimistic(started, removeSuggestion(started, userId));
}
