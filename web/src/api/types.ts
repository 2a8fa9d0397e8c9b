// The shapes of the contract, taken from what the endpoints answer, so that they follow the generated document.
import type {
  CreateCommentApiResponse,
  CreateUploadUrlApiResponse,
  GetPostApiResponse,
  GetUserApiResponse,
  ListSessionsApiResponse,
  UpdateMeApiResponse,
} from "./generated";

export type Post = GetPostApiResponse;
export type Account = Post["author"];
export type Media = Post["media"][number];
export type Profile = GetUserApiResponse;
export type Me = UpdateMeApiResponse;
export type Comment = CreateCommentApiResponse;
export type SessionInfo = ListSessionsApiResponse["data"][number];
export type Upload = CreateUploadUrlApiResponse;

export type Page<T> = { data: T[]; pagination: { next_cursor?: string | null; has_more: boolean } };
