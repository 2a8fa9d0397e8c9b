// Answers as the server gives them, and a store to put them in.
import { vi } from "vitest";
import type { Account, Comment, Me, Media, Post } from "../api/types";
import { makeStore } from "../app/store";

export const account = (id: string, username = `user${id}`): Account => ({
  user_id: id,
  username,
  full_name: "",
  avatar_url: null,
  is_verified: false,
  is_private: false,
});

export const me = (id = "1"): Me => ({
  ...account(id),
  bio: "",
  website: "",
  post_count: 0,
  follower_count: 10,
  following_count: 0,
  created_at: "2026-01-01T00:00:00Z",
  viewer: { following: "NONE", followed_by: false, blocking: false, muting: false },
  email: "a@example.org",
  email_verified: true,
  phone: null,
  role: "member",
  preferences: {},
});

export const media = (id: string, over: Partial<Media> = {}): Media => ({
  media_id: id,
  kind: "IMAGE",
  status: "ready",
  width: 4000,
  height: 3000,
  duration: null,
  rejection: null,
  blurhash: null,
  alt_text: "",
  urls: {},
  sources: {},
  ...over,
});

export const post = (id: string, over: Partial<Post> = {}): Post => ({
  post_id: id,
  feed_id: id,
  author: account("1"),
  type: "TEXT",
  status: "published",
  problem: null,
  location: null,
  edited_at: null,
  caption: `post ${id}`,
  media: [],
  hashtags: [],
  mentions: [],
  tagged: [],
  comments_enabled: true,
  download_allowed: false,
  hide_like_counts: false,
  comments_from: "EVERYONE",
  show_taken_at: false,
  like_count: 2,
  reaction_counts: {},
  comment_count: 0,
  share_count: 0,
  created_at: "2026-11-01T00:00:00Z",
  viewer: { reaction: null, saved: false },
  ...over,
});

export const comment = (id: string, over: Partial<Comment> = {}): Comment => ({
  comment_id: id,
  post_id: "1",
  parent_id: null,
  edited_at: null,
  author: account("1"),
  text: "hello",
  mentions: [],
  like_count: 0,
  reaction_counts: {},
  reply_count: 0,
  created_at: "2026-11-01T00:00:00Z",
  viewer: { reaction: null, can_delete: true },
  ...over,
});

const meta = { timestamp: "2026-11-01T00:00:00Z" };
export const success = (data: unknown, status = 200) => Response.json({ status: "success", data, meta }, { status });
export const list = (data: unknown[], next: string | null = null) =>
  Response.json({ status: "success", data, pagination: { next_cursor: next, has_more: next !== null }, meta });
export const failure = (status: number, code: string, details = {}, headers = {}) =>
  Response.json({ status: "error", error: { code, message: "", details }, meta }, { status, headers });

/** Answers calls by "METHOD /path?query" below /api/v1; returns the requests made. */
export function answering(answer: (call: string, request: Request) => Response | Promise<Response>) {
  const requests: Request[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    requests.push(request.clone() as Request);
    const { pathname, search } = new URL(request.url);
    return answer(`${request.method} ${pathname.replace("/api/v1", "")}${search}`, request);
  });
  return requests;
}

export function signedInStore() {
  // biome-ignore lint/suspicious/noDocumentCookie: the server sets this cookie; there is none in these tests
  document.cookie = "tintype_csrf=token";
  return makeStore();
}
