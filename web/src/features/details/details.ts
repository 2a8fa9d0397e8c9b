// What belongs to a post besides its pictures and words: a place, people, and what others may do.

import type { Account, Post } from "../../api/types";

export type Place = { name: string; lat?: number | null; lng?: number | null };
export type Tag = { user: Account; x: number; y: number; n: number };
export type Choices = Pick<
  Post,
  "comments_enabled" | "comments_from" | "hide_like_counts" | "download_allowed" | "show_taken_at"
>;
export type Details = { location: Place | null; tagged: Tag[] } & Choices;

export const mostTagged = 20;
export const noDetails: Details = {
  location: null,
  tagged: [],
  comments_enabled: true,
  comments_from: "EVERYONE",
  hide_like_counts: false,
  download_allowed: false,
  show_taken_at: false,
};

export const detailsOf = (post: Post): Details => ({
  location: post.location ?? null,
  tagged: post.tagged,
  comments_enabled: post.comments_enabled,
  comments_from: post.comments_from,
  hide_like_counts: post.hide_like_counts,
  download_allowed: post.download_allowed,
  show_taken_at: post.show_taken_at,
});

type Body = Partial<Choices> & {
  location?: { name: string; lat?: number; lng?: number } | null;
  tagged?: { user_id: string; x: number; y: number; n: number }[];
};

/** What of the details differs, as the API takes it. */
export function changedDetails(before: Details, after: Details): Body {
  const body: Body = {};
  const [was, is] = [sentPlace(before.location), sentPlace(after.location)];
  if (JSON.stringify(was) !== JSON.stringify(is)) body.location = is;
  const [had, has] = [before.tagged.map(sentTag), after.tagged.map(sentTag)];
  if (JSON.stringify(had) !== JSON.stringify(has)) body.tagged = has;
  for (const name of ["comments_enabled", "hide_like_counts", "download_allowed", "show_taken_at"] as const) {
    if (before[name] !== after[name]) body[name] = after[name];
  }
  if (before.comments_from !== after.comments_from) body.comments_from = after.comments_from;
  return body;
}

const sentTag = ({ user, x, y, n }: Tag) => ({ user_id: user.user_id, x, y, n });

function sentPlace(place: Place | null) {
  const name = place?.name.trim();
  if (!place || !name) return null;
  return place.lat != null && place.lng != null ? { name, lat: place.lat, lng: place.lng } : { name };
}

/** Four places after the point are eleven metres. */
export const inDegrees = (value: number) => String(Math.round(value * 10_000) / 10_000);

export const isOnGlobe = (lat: number, lng: number) => Math.abs(lat) <= 90 && Math.abs(lng) <= 180;
