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
      query: (queryArg) => ({
        url: `/api/v1/users/logout`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    resetPassword: build.mutation<
      ResetPasswordApiResponse,
      ResetPasswordApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/password/reset`,
        method: "POST",
        body: queryArg.body,
      }),
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
    lookupUsers: build.query<LookupUsersApiResponse, LookupUsersApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/lookup`,
        params: {
          q: queryArg.q,
          limit: queryArg.limit,
        },
      }),
    }),
    getMe: build.query<GetMeApiResponse, GetMeApiArg>({
      query: () => ({ url: `/api/v1/users/me` }),
    }),
    updateMe: build.mutation<UpdateMeApiResponse, UpdateMeApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/me`,
        method: "PUT",
        body: queryArg.body,
      }),
    }),
    patchMe: build.mutation<PatchMeApiResponse, PatchMeApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/me`,
        method: "PATCH",
        body: queryArg.body,
      }),
    }),
    getUser: build.query<GetUserApiResponse, GetUserApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/${encodeURIComponent(String(queryArg.userId))}`,
      }),
    }),
    updateUser: build.mutation<UpdateUserApiResponse, UpdateUserApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/${encodeURIComponent(String(queryArg.userId))}`,
        method: "PUT",
        body: queryArg.body,
      }),
    }),
    patchUser: build.mutation<PatchUserApiResponse, PatchUserApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/${encodeURIComponent(String(queryArg.userId))}`,
        method: "PATCH",
        body: queryArg.body,
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
    listFollowRequests: build.query<
      ListFollowRequestsApiResponse,
      ListFollowRequestsApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/follow-requests`,
        params: {
          cursor: queryArg.cursor,
          limit: queryArg.limit,
        },
      }),
    }),
    acceptFollowRequest: build.mutation<
      AcceptFollowRequestApiResponse,
      AcceptFollowRequestApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/follow-requests/${encodeURIComponent(String(queryArg.userId))}/accept`,
        method: "POST",
      }),
    }),
    declineFollowRequest: build.mutation<
      DeclineFollowRequestApiResponse,
      DeclineFollowRequestApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/follow-requests/${encodeURIComponent(String(queryArg.userId))}/decline`,
        method: "POST",
      }),
    }),
    removeFollower: build.mutation<
      RemoveFollowerApiResponse,
      RemoveFollowerApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/followers/${encodeURIComponent(String(queryArg.userId))}`,
        method: "DELETE",
      }),
    }),
    block: build.mutation<BlockApiResponse, BlockApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/${encodeURIComponent(String(queryArg.userId))}/block`,
        method: "POST",
      }),
    }),
    unblock: build.mutation<UnblockApiResponse, UnblockApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/${encodeURIComponent(String(queryArg.userId))}/block`,
        method: "DELETE",
      }),
    }),
    mute: build.mutation<MuteApiResponse, MuteApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/${encodeURIComponent(String(queryArg.userId))}/mute`,
        method: "POST",
      }),
    }),
    unmute: build.mutation<UnmuteApiResponse, UnmuteApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/${encodeURIComponent(String(queryArg.userId))}/mute`,
        method: "DELETE",
      }),
    }),
    listBlocks: build.query<ListBlocksApiResponse, ListBlocksApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/me/blocks`,
        params: {
          cursor: queryArg.cursor,
          limit: queryArg.limit,
        },
      }),
    }),
    listMutes: build.query<ListMutesApiResponse, ListMutesApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/me/mutes`,
        params: {
          cursor: queryArg.cursor,
          limit: queryArg.limit,
        },
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
        headers: {
          "Idempotency-Key": queryArg["Idempotency-Key"],
        },
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
    uploadFile: build.mutation<UploadFileApiResponse, UploadFileApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/media/upload/${encodeURIComponent(String(queryArg.mediaId))}`,
        method: "POST",
        body: queryArg.body,
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
    waitForPost: build.query<WaitForPostApiResponse, WaitForPostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/wait`,
        params: {
          seconds: queryArg.seconds,
        },
      }),
    }),
    restorePost: build.mutation<RestorePostApiResponse, RestorePostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/restore`,
        method: "POST",
      }),
    }),
    archivePost: build.mutation<ArchivePostApiResponse, ArchivePostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/archive`,
        method: "POST",
      }),
    }),
    unarchivePost: build.mutation<
      UnarchivePostApiResponse,
      UnarchivePostApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/unarchive`,
        method: "POST",
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
    countNewPosts: build.query<CountNewPostsApiResponse, CountNewPostsApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/feed/home/new-count`,
        params: {
          since: queryArg.since,
        },
      }),
    }),
    recordImpressions: build.mutation<
      RecordImpressionsApiResponse,
      RecordImpressionsApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/feed/impressions`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    whyPost: build.query<WhyPostApiResponse, WhyPostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/why`,
      }),
    }),
  }),
  overrideExisting: false,
});
export { injectedRtkApi as generatedApi };
export type RegisterAccountApiResponse =
  /** status 201 Document created, URL follows */ SignedIn;
export type RegisterAccountApiArg = {
  body: {
    username: string;
    email: string;
    password: string;
    full_name?: string | null;
    invite?: string | null;
    session?: "cookie" | "token";
  };
};
export type LoginApiResponse =
  /** status 200 Request fulfilled, document follows */ SignedIn;
export type LoginApiArg = {
  body: {
    login: string;
    password: string;
    session?: "cookie" | "token";
  };
};
export type RefreshTokenApiResponse =
  /** status 200 Request fulfilled, document follows */ Tokens;
export type RefreshTokenApiArg = {
  body: {
    refresh_token?: string | null;
  };
};
export type LogoutApiResponse =
  /** status 200 Request fulfilled, document follows */ Tokens;
export type LogoutApiArg = {
  body: {
    refresh_token?: string | null;
  };
};
export type ResetPasswordApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type ResetPasswordApiArg = {
  body: {
    token: string;
    password: string;
  };
};
export type ListSessionsApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: SessionInfo[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type ListSessionsApiArg = void;
export type RevokeSessionApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type RevokeSessionApiArg = {
  sessionId: string;
};
export type LookupUsersApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Account[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type LookupUsersApiArg = {
  q: string;
  limit?: number;
};
export type GetMeApiResponse =
  /** status 200 Request fulfilled, document follows */ Me;
export type GetMeApiArg = void;
export type UpdateMeApiResponse =
  /** status 200 Request fulfilled, document follows */ Me;
export type UpdateMeApiArg = {
  body: {
    username?: string;
    full_name?: string | null;
    bio?: string | null;
    website?: string | null;
    email?: string;
    phone?: string | null;
    is_private?: boolean;
    preferences?: PreferencesChange;
  };
};
export type PatchMeApiResponse =
  /** status 200 Request fulfilled, document follows */ Me;
export type PatchMeApiArg = {
  body: {
    username?: string;
    full_name?: string | null;
    bio?: string | null;
    website?: string | null;
    email?: string;
    phone?: string | null;
    is_private?: boolean;
    preferences?: PreferencesChange;
  };
};
export type GetUserApiResponse =
  /** status 200 Request fulfilled, document follows */ Profile;
export type GetUserApiArg = {
  userId: string;
};
export type UpdateUserApiResponse =
  /** status 200 Request fulfilled, document follows */ Me;
export type UpdateUserApiArg = {
  userId: string;
  body: {
    username?: string;
    full_name?: string | null;
    bio?: string | null;
    website?: string | null;
    email?: string;
    phone?: string | null;
    is_private?: boolean;
    preferences?: PreferencesChange;
  };
};
export type PatchUserApiResponse =
  /** status 200 Request fulfilled, document follows */ Me;
export type PatchUserApiArg = {
  userId: string;
  body: {
    username?: string;
    full_name?: string | null;
    bio?: string | null;
    website?: string | null;
    email?: string;
    phone?: string | null;
    is_private?: boolean;
    preferences?: PreferencesChange;
  };
};
export type FollowApiResponse =
  /** status 200 Request fulfilled, document follows */ Following;
export type FollowApiArg = {
  userId: string;
};
export type UnfollowApiResponse =
  /** status 200 Request fulfilled, document follows */ Following;
export type UnfollowApiArg = {
  userId: string;
};
export type ListFollowersApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Account[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type ListFollowersApiArg = {
  userId: string;
  cursor?: string;
  limit?: number;
};
export type ListFollowingApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Account[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type ListFollowingApiArg = {
  userId: string;
  cursor?: string;
  limit?: number;
};
export type ListFollowRequestsApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Account[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type ListFollowRequestsApiArg = {
  cursor?: string;
  limit?: number;
};
export type AcceptFollowRequestApiResponse =
  /** status 200 Request fulfilled, document follows */ FollowedBy;
export type AcceptFollowRequestApiArg = {
  userId: string;
};
export type DeclineFollowRequestApiResponse =
  /** status 200 Request fulfilled, document follows */ FollowedBy;
export type DeclineFollowRequestApiArg = {
  userId: string;
};
export type RemoveFollowerApiResponse =
  /** status 200 Request fulfilled, document follows */ FollowedBy;
export type RemoveFollowerApiArg = {
  userId: string;
};
export type BlockApiResponse =
  /** status 200 Request fulfilled, document follows */ Blocking;
export type BlockApiArg = {
  userId: string;
};
export type UnblockApiResponse =
  /** status 200 Request fulfilled, document follows */ Blocking;
export type UnblockApiArg = {
  userId: string;
};
export type MuteApiResponse =
  /** status 200 Request fulfilled, document follows */ Muting;
export type MuteApiArg = {
  userId: string;
};
export type UnmuteApiResponse =
  /** status 200 Request fulfilled, document follows */ Muting;
export type UnmuteApiArg = {
  userId: string;
};
export type ListBlocksApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Account[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type ListBlocksApiArg = {
  cursor?: string;
  limit?: number;
};
export type ListMutesApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Account[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type ListMutesApiArg = {
  cursor?: string;
  limit?: number;
};
export type CreateUploadUrlApiResponse =
  /** status 201 Document created, URL follows */ UploadTicket;
export type CreateUploadUrlApiArg = {
  "Idempotency-Key"?: string;
  body: {
    kind: "IMAGE" | "VIDEO";
    content_type: string;
    size: number;
    filename?: string;
    alt_text?: string;
  };
};
export type CompleteUploadApiResponse =
  /** status 202 Request accepted, processing continues off-line */ Media;
export type CompleteUploadApiArg = {
  mediaId: string;
};
export type GetMediaApiResponse =
  /** status 200 Request fulfilled, document follows */ Media;
export type GetMediaApiArg = {
  mediaId: string;
};
export type WaitForMediaApiResponse =
  /** status 200 Request fulfilled, document follows */ Media;
export type WaitForMediaApiArg = {
  mediaId: string;
  seconds?: number;
};
export type UploadFileApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type UploadFileApiArg = {
  mediaId: string;
  body: {
    file: Blob;
  };
};
export type CreatePostApiResponse =
  /** status 201 Document created, URL follows */ Post;
export type CreatePostApiArg = {
  "Idempotency-Key"?: string;
  body: {
    type: "TEXT" | "IMAGE" | "VIDEO";
    caption?: string;
    media?: MediaGiven[];
    location?: Place | null;
    comments_enabled?: boolean;
    download_allowed?: boolean;
    tagged?: TagGiven[];
  };
};
export type GetPostApiResponse =
  /** status 200 Request fulfilled, document follows */ Post;
export type GetPostApiArg = {
  postId: string;
};
export type DeletePostApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type DeletePostApiArg = {
  postId: string;
};
export type WaitForPostApiResponse =
  /** status 200 Request fulfilled, document follows */ Post;
export type WaitForPostApiArg = {
  postId: string;
  seconds?: number;
};
export type RestorePostApiResponse =
  /** status 200 Request fulfilled, document follows */ Post;
export type RestorePostApiArg = {
  postId: string;
};
export type ArchivePostApiResponse =
  /** status 200 Request fulfilled, document follows */ Post;
export type ArchivePostApiArg = {
  postId: string;
};
export type UnarchivePostApiResponse =
  /** status 200 Request fulfilled, document follows */ Post;
export type UnarchivePostApiArg = {
  postId: string;
};
export type ListUserPostsApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Post[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type ListUserPostsApiArg = {
  userId: string;
  cursor?: string;
  limit?: number;
};
export type UserFeedApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Post[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type UserFeedApiArg = {
  userId: string;
  cursor?: string;
  limit?: number;
};
export type LikePostApiResponse =
  /** status 200 Request fulfilled, document follows */ Reacted;
export type LikePostApiArg = {
  postId: string;
  body: {
    reaction?: "LIKE";
  };
};
export type UnlikePostApiResponse =
  /** status 200 Request fulfilled, document follows */ Reacted;
export type UnlikePostApiArg = {
  postId: string;
};
export type ListPostLikesApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Account[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type ListPostLikesApiArg = {
  postId: string;
  cursor?: string;
  limit?: number;
};
export type ListCommentsApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Comment[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type ListCommentsApiArg = {
  postId: string;
  cursor?: string;
  limit?: number;
};
export type CreateCommentApiResponse =
  /** status 201 Document created, URL follows */ Comment;
export type CreateCommentApiArg = {
  postId: string;
  "Idempotency-Key"?: string;
  body: {
    text: string;
    parent_id?: string | null;
  };
};
export type ListRepliesApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Comment[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type ListRepliesApiArg = {
  commentId: string;
  cursor?: string;
  limit?: number;
};
export type DeleteCommentApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type DeleteCommentApiArg = {
  commentId: string;
};
export type LikeCommentApiResponse =
  /** status 200 Request fulfilled, document follows */ Reacted;
export type LikeCommentApiArg = {
  commentId: string;
  body: {
    reaction?: "LIKE";
  };
};
export type UnlikeCommentApiResponse =
  /** status 200 Request fulfilled, document follows */ Reacted;
export type UnlikeCommentApiArg = {
  commentId: string;
};
export type HomeFeedApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Post[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type HomeFeedApiArg = {
  cursor?: string;
  limit?: number;
  order?: "latest" | "ranked";
};
export type CountNewPostsApiResponse =
  /** status 200 Request fulfilled, document follows */ NewCount;
export type CountNewPostsApiArg = {
  since: string;
};
export type RecordImpressionsApiResponse =
  /** status 202 Request accepted, processing continues off-line */ object;
export type RecordImpressionsApiArg = {
  body: {
    items: Impression[];
  };
};
export type WhyPostApiResponse =
  /** status 200 Request fulfilled, document follows */ Why;
export type WhyPostApiArg = {
  postId: string;
};
export type ProfileViewer = {
  following: "NONE" | "PENDING" | "ACCEPTED";
  followed_by: boolean;
  blocking: boolean;
  muting: boolean;
};
export type Preferences = {
  theme?: "system" | "light" | "dark";
  language?: string | null;
  feed_order?: "latest" | "ranked";
  impressions?: boolean;
};
export type Me = {
  user_id: string;
  username: string;
  full_name: string;
  avatar_url: string | null;
  is_verified: boolean;
  is_private: boolean;
  bio: string;
  website: string;
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
  pending?: boolean;
};
export type Error = {
  status: "error";
  error: {
    code:
      | "ACCOUNT_PENDING"
      | "ACCOUNT_PRIVATE"
      | "ACCOUNT_SUSPENDED"
      | "BAD_REQUEST"
      | "CANNOT_BLOCK_SELF"
      | "CANNOT_FOLLOW_SELF"
      | "CANNOT_MUTE_SELF"
      | "COMMENTS_OFF"
      | "COMMENT_NOT_FOUND"
      | "CONFLICT"
      | "CSRF_FAILED"
      | "CURSOR_INVALID"
      | "EMAIL_TAKEN"
      | "FIELD_PROTECTED"
      | "FORBIDDEN"
      | "HOST_MISSING"
      | "IDEMPOTENCY_IN_PROGRESS"
      | "IDEMPOTENCY_KEY_REUSED"
      | "INTERNAL"
      | "INVITE_INVALID"
      | "LOGIN_FAILED"
      | "MEDIA_IN_USE"
      | "MEDIA_NOT_FOUND"
      | "MEDIA_NOT_YOURS"
      | "MEDIA_REJECTED"
      | "METHOD_NOT_ALLOWED"
      | "NOT_FOUND"
      | "NOT_RESTORABLE"
      | "NOT_SIGNED_IN"
      | "OVERLOADED"
      | "PARENT_NOT_FOUND"
      | "POST_NOT_FOUND"
      | "POST_REMOVED"
      | "RATE_LIMITED"
      | "REGISTRATION_CLOSED"
      | "REQUEST_NOT_FOUND"
      | "RESET_LINK_INVALID"
      | "STORAGE_FULL"
      | "TEXT_BLOCKED"
      | "TOKEN_INVALID"
      | "TOO_LARGE"
      | "UNAVAILABLE"
      | "UNSUPPORTED_TYPE"
      | "UPLOAD_CLOSED"
      | "UPLOAD_EXISTS"
      | "UPLOAD_MISSING"
      | "UPLOAD_REFUSED"
      | "USERNAME_TAKEN"
      | "VALIDATION_FAILED";
    message: string;
    details: object;
  };
  meta: {
    timestamp: string;
    request_id: string;
  };
};
export type Tokens = {
  access_token?: string | null;
  refresh_token?: string | null;
  token_type?: string | null;
  expires_in?: number | null;
};
export type SessionInfo = {
  session_id: string;
  created_at: string;
  last_used_at: string;
  user_agent: string;
  ip: string;
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
export type PreferencesChange = {
  theme?: "system" | "light" | "dark";
  language?: string | null;
  feed_order?: "latest" | "ranked";
  impressions?: boolean;
};
export type Profile = {
  user_id: string;
  username: string;
  full_name: string;
  avatar_url: string | null;
  is_verified: boolean;
  is_private: boolean;
  bio: string;
  website: string;
  post_count: number;
  follower_count: number;
  following_count: number;
  created_at: string;
  viewer: ProfileViewer | null;
};
export type Following = {
  following: "NONE" | "PENDING" | "ACCEPTED";
};
export type FollowedBy = {
  followed_by: boolean;
};
export type Blocking = {
  blocking: boolean;
};
export type Muting = {
  muting: boolean;
};
export type Upload = {
  method: "POST" | "PUT";
  url: string;
  fields?: {
    [key: string]: string;
  };
  headers?: {
    [key: string]: string;
  };
};
export type UploadTicket = {
  media_id: string;
  upload: Upload;
  expires_at: string;
};
export type Rejection = {
  code: string;
  message: string;
};
export type Media = {
  media_id: string;
  kind: string;
  status: string;
  width: number | null;
  height: number | null;
  duration: number | null;
  blurhash: string | null;
  alt_text: string;
  urls: {
    [key: string]: string;
  };
  sources: {
    [key: string]: {
      [key: string]: string;
    };
  };
  rejection: Rejection | null;
};
export type PostProblem = {
  code: string;
  message: string;
};
export type Tagged = {
  user: Account;
  x: number;
  y: number;
  n: number;
};
export type Place = {
  name: string;
  lat?: number | null;
  lng?: number | null;
};
export type PostViewer = {
  reaction: string | null;
  saved: boolean;
};
export type Post = {
  post_id: string;
  feed_id: string | null;
  author: Account;
  type: string;
  status: string;
  problem: PostProblem | null;
  caption: string;
  media: Media[];
  hashtags: string[];
  mentions: Account[];
  tagged: Tagged[];
  location: Place | null;
  comments_enabled: boolean;
  download_allowed: boolean;
  like_count: number;
  reaction_counts: {
    [key: string]: number;
  };
  comment_count: number;
  share_count: number;
  created_at: string;
  edited_at: string | null;
  viewer: PostViewer | null;
};
export type MediaGiven = {
  media_id: string;
  alt_text?: string | null;
};
export type TagGiven = {
  user_id: string;
  x: number;
  y: number;
  n?: number;
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
  parent_id: string | null;
  author: Account;
  text: string;
  like_count: number;
  reaction_counts: {
    [key: string]: number;
  };
  reply_count: number;
  created_at: string;
  edited_at: string | null;
  viewer: CommentViewer | null;
};
export type NewCount = {
  count: number;
};
export type Impression = {
  post_id: string;
  dwell_ms: number;
  at: string;
};
export type Reason = {
  name: string;
  weight: number;
  text: string;
};
export type Why = {
  reasons: Reason[];
};
export const {
  useRegisterAccountMutation,
  useLoginMutation,
  useRefreshTokenMutation,
  useLogoutMutation,
  useResetPasswordMutation,
  useListSessionsQuery,
  useLazyListSessionsQuery,
  useRevokeSessionMutation,
  useLookupUsersQuery,
  useLazyLookupUsersQuery,
  useGetMeQuery,
  useLazyGetMeQuery,
  useUpdateMeMutation,
  usePatchMeMutation,
  useGetUserQuery,
  useLazyGetUserQuery,
  useUpdateUserMutation,
  usePatchUserMutation,
  useFollowMutation,
  useUnfollowMutation,
  useListFollowersQuery,
  useLazyListFollowersQuery,
  useListFollowingQuery,
  useLazyListFollowingQuery,
  useListFollowRequestsQuery,
  useLazyListFollowRequestsQuery,
  useAcceptFollowRequestMutation,
  useDeclineFollowRequestMutation,
  useRemoveFollowerMutation,
  useBlockMutation,
  useUnblockMutation,
  useMuteMutation,
  useUnmuteMutation,
  useListBlocksQuery,
  useLazyListBlocksQuery,
  useListMutesQuery,
  useLazyListMutesQuery,
  useCreateUploadUrlMutation,
  useCompleteUploadMutation,
  useGetMediaQuery,
  useLazyGetMediaQuery,
  useWaitForMediaQuery,
  useLazyWaitForMediaQuery,
  useUploadFileMutation,
  useCreatePostMutation,
  useGetPostQuery,
  useLazyGetPostQuery,
  useDeletePostMutation,
  useWaitForPostQuery,
  useLazyWaitForPostQuery,
  useRestorePostMutation,
  useArchivePostMutation,
  useUnarchivePostMutation,
  useListUserPostsQuery,
  useLazyListUserPostsQuery,
  useUserFeedQuery,
  useLazyUserFeedQuery,
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
  useCountNewPostsQuery,
  useLazyCountNewPostsQuery,
  useRecordImpressionsMutation,
  useWhyPostQuery,
  useLazyWhyPostQuery,
} = injectedRtkApi;
