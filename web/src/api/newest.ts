// Ids that count up with time, as the strings they are sent as.
import type { Post } from "./types";

export function isNewer(one: string, other: string): boolean {
  return one.length === other.length ? one > other : one.length > other.length;
}

/** The newest feed_id among posts; "0" is older than any. */
export function newestOf(posts: Post[]): string {
  return posts.reduce((newest, { feed_id }) => (feed_id && isNewer(feed_id, newest) ? feed_id : newest), "0");
}
