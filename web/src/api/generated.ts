import { emptyApi as api } from "./empty";
const injectedRtkApi = api.injectEndpoints({
  endpoints: (build) => ({
    registerAccount: build.mutation<
      RegisterAccountApiResponse,
      RegisterAccountApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/register`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    login: build.mutation<LoginApiResponse, LoginApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/login`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    refreshToken: build.mutation<RefreshTokenApiResponse, RefreshTokenApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/token/refresh`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    logout: build.mutation<LogoutApiResponse, LogoutApiArg>({
      query: () => ({ url: `/api/v1/users/logout`, method: "POST" }),
    }),
    listSessions: build.query<ListSessionsApiResponse, ListSessionsApiArg>({
      query: () => ({ url: `/api/v1/users/me/sessions` }),
    }),
    revokeSession: build.mutation<
      RevokeSessionApiResponse,
      RevokeSessionApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/sessions/${encodeURIComponent(String(queryArg.sessionId))}`,
        method: "DELETE",
      }),
    }),
    updateMe: build.mutation<UpdateMeApiResponse, UpdateMeApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/me`,
        method: "PUT",
        body: queryArg.body,
      }),
    }),
    lookupUsers: build.query<LookupUsersApiResponse, LookupUsersApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/lookup`,
        params: {
          q: queryArg.q,
          limit: queryArg.limit,
        },
      }),
    }),
    getUser: build.query<GetUserApiResponse, GetUserApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/${encodeURIComponent(String(queryArg.userId))}`,
      }),
    }),
    listFollowers: build.query<ListFollowersApiResponse, ListFollowersApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/${encodeURIComponent(String(queryArg.userId))}/followers`,
        params: {
          cursor: queryArg.cursor,
          limit: queryArg.limit,
        },
      }),
    }),
    listFollowing: build.query<ListFollowingApiResponse, ListFollowingApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/${encodeURIComponent(String(queryArg.userId))}/following`,
        params: {
          cursor: queryArg.cursor,
          limit: queryArg.limit,
        },
      }),
    }),
    listUserPosts: build.query<ListUserPostsApiResponse, ListUserPostsApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/${encodeURIComponent(String(queryArg.userId))}/posts`,
        params: {
          cursor: queryArg.cursor,
          limit: queryArg.limit,
        },
      }),
    }),
    userFeed: build.query<UserFeedApiResponse, UserFeedApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/feed/user/${encodeURIComponent(String(queryArg.userId))}`,
        params: {
          cursor: queryArg.cursor,
          limit: queryArg.limit,
        },
      }),
    }),
    follow: build.mutation<FollowApiResponse, FollowApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/${encodeURIComponent(String(queryArg.userId))}/follow`,
        method: "POST",
      }),
    }),
    unfollow: build.mutation<UnfollowApiResponse, UnfollowApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/${encodeURIComponent(String(queryArg.userId))}/follow`,
        method: "DELETE",
      }),
    }),
    createUploadUrl: build.mutation<
      CreateUploadUrlApiResponse,
      CreateUploadUrlApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/media/upload-url`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    completeUpload: build.mutation<
      CompleteUploadApiResponse,
      CompleteUploadApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/media/${encodeURIComponent(String(queryArg.mediaId))}/complete`,
        method: "POST",
      }),
    }),
    getMedia: build.query<GetMediaApiResponse, GetMediaApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/media/${encodeURIComponent(String(queryArg.mediaId))}`,
      }),
    }),
    waitForMedia: build.query<WaitForMediaApiResponse, WaitForMediaApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/media/${encodeURIComponent(String(queryArg.mediaId))}/wait`,
        params: {
          seconds: queryArg.seconds,
        },
      }),
    }),
    createPost: build.mutation<CreatePostApiResponse, CreatePostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts`,
        method: "POST",
        body: queryArg.body,
        headers: {
          "Idempotency-Key": queryArg["Idempotency-Key"],
        },
      }),
    }),
    getPost: build.query<GetPostApiResponse, GetPostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}`,
      }),
    }),
    deletePost: build.mutation<DeletePostApiResponse, DeletePostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}`,
        method: "DELETE",
      }),
    }),
    restorePost: build.mutation<RestorePostApiResponse, RestorePostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/restore`,
        method: "POST",
      }),
    }),
    waitForPost: build.query<WaitForPostApiResponse, WaitForPostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/wait`,
        params: {
          seconds: queryArg.seconds,
        },
      }),
    }),
    likePost: build.mutation<LikePostApiResponse, LikePostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/like`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    unlikePost: build.mutation<UnlikePostApiResponse, UnlikePostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/like`,
        method: "DELETE",
      }),
    }),
    listPostLikes: build.query<ListPostLikesApiResponse, ListPostLikesApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/likes`,
        params: {
          cursor: queryArg.cursor,
          limit: queryArg.limit,
        },
      }),
    }),
    listComments: build.query<ListCommentsApiResponse, ListCommentsApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/comments`,
        params: {
          cursor: queryArg.cursor,
          limit: queryArg.limit,
        },
      }),
    }),
    createComment: build.mutation<
      CreateCommentApiResponse,
      CreateCommentApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/comments`,
        method: "POST",
        body: queryArg.body,
        headers: {
          "Idempotency-Key": queryArg["Idempotency-Key"],
        },
      }),
    }),
    listReplies: build.query<ListRepliesApiResponse, ListRepliesApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/comments/${encodeURIComponent(String(queryArg.commentId))}/replies`,
        params: {
          cursor: queryArg.cursor,
          limit: queryArg.limit,
        },
      }),
    }),
    deleteComment: build.mutation<
      DeleteCommentApiResponse,
      DeleteCommentApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/comments/${encodeURIComponent(String(queryArg.commentId))}`,
        method: "DELETE",
      }),
    }),
    likeComment: build.mutation<LikeCommentApiResponse, LikeCommentApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/comments/${encodeURIComponent(String(queryArg.commentId))}/like`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    unlikeComment: build.mutation<
      UnlikeCommentApiResponse,
      UnlikeCommentApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/comments/${encodeURIComponent(String(queryArg.commentId))}/like`,
        method: "DELETE",
      }),
    }),
    homeFeed: build.query<HomeFeedApiResponse, HomeFeedApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/feed/home`,
        params: {
          cursor: queryArg.cursor,
          limit: queryArg.limit,
          order: queryArg.order,
        },
      }),
    }),
  }),
  overrideExisting: false,
});
export { injectedRtkApi as generatedApi };
export type RegisterAccountApiResponse = /** status 201 Done */ SignedIn;
export type RegisterAccountApiArg = {
  body: {
    username: string;
    email: string;
    password: string;
    full_name?: string;
    invite?: string;
    session?: "cookie" | "token";
  };
};
export type LoginApiResponse = /** status 200 Done */ SignedIn;
export type LoginApiArg = {
  body: {
    login: string;
    password: string;
    session?: "cookie" | "token";
  };
};
export type RefreshTokenApiResponse = /** status 200 Done */ object;
export type RefreshTokenApiArg = {
  body: {
    refresh_token?: string;
  };
};
export type LogoutApiResponse = /** status 200 Done */ object;
export type LogoutApiArg = void;
export type ListSessionsApiResponse = /** status 200 Done */ SessionInfo[];
export type ListSessionsApiArg = void;
export type RevokeSessionApiResponse = /** status 200 Done */ object;
export type RevokeSessionApiArg = {
  sessionId: string;
};
export type UpdateMeApiResponse = /** status 200 Done */ Me;
export type UpdateMeApiArg = {
  body: {
    username?: string;
    full_name?: string;
    email?: string;
    phone?: string | null;
    bio?: string;
    website?: string | null;
    is_private?: boolean;
    preferences?: Preferences;
  };
};
export type LookupUsersApiResponse = /** status 200 Done */ Account[];
export type LookupUsersApiArg = {
  q: string;
  limit?: number;
};
export type GetUserApiResponse = /** status 200 Done */ Profile;
export type GetUserApiArg = {
  userId: string;
};
export type ListFollowersApiResponse = /** status 200 Done */ {
  data: Account[];
  pagination: Pagination;
};
export type ListFollowersApiArg = {
  userId: string;
  cursor?: string;
  limit?: number;
};
export type ListFollowingApiResponse = /** status 200 Done */ {
  data: Account[];
  pagination: Pagination;
};
export type ListFollowingApiArg = {
  userId: string;
  cursor?: string;
  limit?: number;
};
export type ListUserPostsApiResponse = /** status 200 Done */ {
  data: Post[];
  pagination: Pagination;
};
export type ListUserPostsApiArg = {
  userId: string;
  cursor?: string;
  limit?: number;
};
export type UserFeedApiResponse = /** status 200 Done */ {
  data: Post[];
  pagination: Pagination;
};
export type UserFeedApiArg = {
  userId: string;
  cursor?: string;
  limit?: number;
};
export type FollowApiResponse = /** status 200 Done */ Following;
export type FollowApiArg = {
  userId: string;
};
export type UnfollowApiResponse = /** status 200 Done */ Following;
export type UnfollowApiArg = {
  userId: string;
};
export type CreateUploadUrlApiResponse = /** status 201 Done */ Upload;
export type CreateUploadUrlApiArg = {
  body: {
    kind: "IMAGE" | "VIDEO";
    content_type: string;
    size: number;
    filename?: string;
    alt_text?: string;
    filter?: string;
  };
};
export type CompleteUploadApiResponse = /** status 202 Done */ Media;
export type CompleteUploadApiArg = {
  mediaId: string;
};
export type GetMediaApiResponse = /** status 200 Done */ Media;
export type GetMediaApiArg = {
  mediaId: string;
};
export type WaitForMediaApiResponse = /** status 200 Done */ Media;
export type WaitForMediaApiArg = {
  mediaId: string;
  seconds?: number;
};
export type CreatePostApiResponse = /** status 201 Done */ Post;
export type CreatePostApiArg = {
  "Idempotency-Key"?: string;
  body: {
    type: "TEXT" | "IMAGE" | "VIDEO";
    caption?: string;
    media?: {
      media_id: string;
      alt_text?: string;
    }[];
    location?: Location;
    comments_enabled?: boolean;
    download_allowed?: boolean;
    tagged?: {
      user_id: string;
      x: number;
      y: number;
      n?: number;
    }[];
  };
};
export type GetPostApiResponse = /** status 200 Done */ Post;
export type GetPostApiArg = {
  postId: string;
};
export type DeletePostApiResponse = /** status 200 Done */ object;
export type DeletePostApiArg = {
  postId: string;
};
export type RestorePostApiResponse = /** status 200 Done */ Post;
export type RestorePostApiArg = {
  postId: string;
};
export type WaitForPostApiResponse = /** status 200 Done */ Post;
export type WaitForPostApiArg = {
  postId: string;
  seconds?: number;
};
export type LikePostApiResponse = /** status 200 Done */ Reacted;
export type LikePostApiArg = {
  postId: string;
  body: {
    reaction?: string;
  };
};
export type UnlikePostApiResponse = /** status 200 Done */ Reacted;
export type UnlikePostApiArg = {
  postId: string;
};
export type ListPostLikesApiResponse = /** status 200 Done */ {
  data: Account[];
  pagination: Pagination;
};
export type ListPostLikesApiArg = {
  postId: string;
  cursor?: string;
  limit?: number;
};
export type ListCommentsApiResponse = /** status 200 Done */ {
  data: Comment[];
  pagination: Pagination;
};
export type ListCommentsApiArg = {
  postId: string;
  cursor?: string;
  limit?: number;
};
export type CreateCommentApiResponse = /** status 201 Done */ Comment;
export type CreateCommentApiArg = {
  postId: string;
  "Idempotency-Key"?: string;
  body: {
    text: string;
    parent_id?: string;
  };
};
export type ListRepliesApiResponse = /** status 200 Done */ {
  data: Comment[];
  pagination: Pagination;
};
export type ListRepliesApiArg = {
  commentId: string;
  cursor?: string;
  limit?: number;
};
export type DeleteCommentApiResponse = /** status 200 Done */ object;
export type DeleteCommentApiArg = {
  commentId: string;
};
export type LikeCommentApiResponse = /** status 200 Done */ Reacted;
export type LikeCommentApiArg = {
  commentId: string;
  body: {
    reaction?: string;
  };
};
export type UnlikeCommentApiResponse = /** status 200 Done */ Reacted;
export type UnlikeCommentApiArg = {
  commentId: string;
};
export type HomeFeedApiResponse = /** status 200 Done */ {
  data: Post[];
  pagination: Pagination;
};
export type HomeFeedApiArg = {
  cursor?: string;
  limit?: number;
  order?: "latest" | "ranked";
};
export type ProfileViewer = {
  following: "NONE" | "PENDING" | "ACCEPTED";
  followed_by: boolean;
  blocking: boolean;
  muting: boolean;
};
export type Preferences = {
  theme?: "system" | "light" | "dark";
  [key: string]: unknown;
};
export type Me = {
  user_id: string;
  username: string;
  full_name: string;
  avatar_url: string | null;
  is_verified: boolean;
  is_private: boolean;
  bio: string;
  website: string | null;
  post_count: number;
  follower_count: number;
  following_count: number;
  created_at: string;
  viewer: ProfileViewer | null;
  email: string;
  phone: string | null;
  role: string;
  preferences: Preferences;
};
export type SignedIn = {
  user: Me;
  access_token?: string | null;
  refresh_token?: string | null;
  token_type?: string | null;
  expires_in?: number | null;
};
export type Meta = {
  timestamp: string;
  stale?: boolean;
  request_id?: string;
};
export type Error = {
  status: "error";
  error: {
    code: string;
    message: string;
    details: object;
  };
  meta: Meta;
};
export type SessionInfo = {
  session_id: string;
  created_at: string;
  last_used_at: string;
  user_agent: string | null;
  ip: string | null;
  current: boolean;
};
export type Account = {
  user_id: string;
  username: string;
  full_name: string;
  avatar_url: string | null;
  is_verified: boolean;
  is_private: boolean;
};
export type Profile = {
  user_id: string;
  username: string;
  full_name: string;
  avatar_url: string | null;
  is_verified: boolean;
  is_private: boolean;
  bio: string;
  website: string | null;
  post_count: number;
  follower_count: number;
  following_count: number;
  created_at: string;
  viewer: ProfileViewer | null;
};
export type Pagination = {
  next_cursor: string | null;
  has_more: boolean;
};
export type MediaUrls = {
  thumb?: string;
  small?: string;
  medium?: string;
  large?: string;
  poster?: string;
  hls?: string;
};
export type Renditions = {
  thumb?: string;
  small?: string;
  medium?: string;
  large?: string;
};
export type MediaSources = {
  avif?: Renditions;
  webp?: Renditions;
};
export type Problem = {
  code: string;
  message: string;
};
export type Media = {
  media_id: string;
  kind: "IMAGE" | "VIDEO";
  status: "waiting" | "uploaded" | "processing" | "ready" | "rejected";
  width: number | null;
  height: number | null;
  blurhash: string | null;
  alt_text: string | null;
  urls: MediaUrls;
  sources: MediaSources;
  duration?: number | null;
  rejection?: Problem | null;
};
export type Tagged = {
  user: Account;
  x: number;
  y: number;
  n?: number;
};
export type PostViewer = {
  reaction: string | null;
  saved: boolean;
};
export type Location = {
  name: string;
  lat?: number | null;
  lng?: number | null;
};
export type Post = {
  post_id: string;
  feed_id: string | null;
  author: Account;
  type: "TEXT" | "IMAGE" | "VIDEO";
  status:
    "processing" | "published" | "blocked" | "failed" | "archived" | "removed";
  caption: string;
  media: Media[];
  hashtags: string[];
  mentions: Account[];
  tagged: Tagged[];
  comments_enabled: boolean;
  download_allowed: boolean;
  like_count: number;
  reaction_counts: {
    [key: string]: number;
  };
  comment_count: number;
  share_count: number;
  created_at: string;
  viewer: PostViewer | null;
  problem?: Problem | null;
  location?: Location | null;
  edited_at?: string | null;
};
export type Following = {
  following: "NONE" | "PENDING" | "ACCEPTED";
};
export type UploadTarget = {
  method: "POST" | "PUT" | "MULTIPART";
  url: string;
  fields?:
    | {
        [key: string]: string;
      }
    | {
        [key: string]: string;
      };
  headers?:
    | {
        [key: string]: string;
      }
    | {
        [key: string]: string;
      };
  part_size?: number | null;
  parts?:
    | {
        number: number;
        url: string;
      }[]
    | null;
};
export type Upload = {
  media_id: string;
  upload: UploadTarget;
  expires_at: string;
};
export type Reacted = {
  reaction: string | null;
  like_count: number;
};
export type CommentViewer = {
  reaction: string | null;
  can_delete: boolean;
};
export type Comment = {
  comment_id: string;
  post_id: string;
  author: Account;
  text: string;
  like_count: number;
  reaction_counts: {
    [key: string]: number;
  };
  reply_count: number;
  created_at: string;
  viewer: CommentViewer | null;
  parent_id?: string | null;
  edited_at?: string | null;
};
export const {
  useRegisterAccountMutation,
  useLoginMutation,
  useRefreshTokenMutation,
  useLogoutMutation,
  useListSessionsQuery,
  useLazyListSessionsQuery,
  useRevokeSessionMutation,
  useUpdateMeMutation,
  useLookupUsersQuery,
  useLazyLookupUsersQuery,
  useGetUserQuery,
  useLazyGetUserQuery,
  useListFollowersQuery,
  useLazyListFollowersQuery,
  useListFollowingQuery,
  useLazyListFollowingQuery,
  useListUserPostsQuery,
  useLazyListUserPostsQuery,
  useUserFeedQuery,
  useLazyUserFeedQuery,
  useFollowMutation,
  useUnfollowMutation,
  useCreateUploadUrlMutation,
  useCompleteUploadMutation,
  useGetMediaQuery,
  useLazyGetMediaQuery,
  useWaitForMediaQuery,
  useLazyWaitForMediaQuery,
  useCreatePostMutation,
  useGetPostQuery,
  useLazyGetPostQuery,
  useDeletePostMutation,
  useRestorePostMutation,
  useWaitForPostQuery,
  useLazyWaitForPostQuery,
  useLikePostMutation,
  useUnlikePostMutation,
  useListPostLikesQuery,
  useLazyListPostLikesQuery,
  useListCommentsQuery,
  useLazyListCommentsQuery,
  useCreateCommentMutation,
  useListRepliesQuery,
  useLazyListRepliesQuery,
  useDeleteCommentMutation,
  useLikeCommentMutation,
  useUnlikeCommentMutation,
  useHomeFeedQuery,
  useLazyHomeFeedQuery,
} = injectedRtkApi;
