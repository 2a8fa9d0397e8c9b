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
    loginSecondFactor: build.mutation<
      LoginSecondFactorApiResponse,
      LoginSecondFactorApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/login/second-factor`,
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
    startPasskeyLogin: build.mutation<
      StartPasskeyLoginApiResponse,
      StartPasskeyLoginApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/auth/passkeys/start`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    finishPasskeyLogin: build.mutation<
      FinishPasskeyLoginApiResponse,
      FinishPasskeyLoginApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/auth/passkeys/finish`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    startPasskey: build.mutation<StartPasskeyApiResponse, StartPasskeyApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/me/second-factors/passkeys/start`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    addPasskey: build.mutation<AddPasskeyApiResponse, AddPasskeyApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/me/second-factors/passkeys`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    renamePasskey: build.mutation<
      RenamePasskeyApiResponse,
      RenamePasskeyApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/second-factors/passkeys/${encodeURIComponent(String(queryArg.passkeyId))}`,
        method: "PUT",
        body: queryArg.body,
      }),
    }),
    removePasskey: build.mutation<
      RemovePasskeyApiResponse,
      RemovePasskeyApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/second-factors/passkeys/${encodeURIComponent(String(queryArg.passkeyId))}/remove`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    getMethods: build.query<GetMethodsApiResponse, GetMethodsApiArg>({
      query: () => ({ url: `/api/v1/auth/methods` }),
    }),
    startProvider: build.query<StartProviderApiResponse, StartProviderApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/auth/oidc/${encodeURIComponent(String(queryArg.provider))}/start`,
        params: {
          next: queryArg.next,
        },
      }),
    }),
    linkProvider: build.mutation<LinkProviderApiResponse, LinkProviderApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/me/identities/${encodeURIComponent(String(queryArg.provider))}/start`,
        method: "POST",
      }),
    }),
    unlinkProvider: build.mutation<
      UnlinkProviderApiResponse,
      UnlinkProviderApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/identities/${encodeURIComponent(String(queryArg.provider))}`,
        method: "DELETE",
      }),
    }),
    getNewcomer: build.mutation<GetNewcomerApiResponse, GetNewcomerApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/auth/oidc/newcomer`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    registerNewcomer: build.mutation<
      RegisterNewcomerApiResponse,
      RegisterNewcomerApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/auth/oidc/register`,
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
    forgotPassword: build.mutation<
      ForgotPasswordApiResponse,
      ForgotPasswordApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/password/forgot`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    changePassword: build.mutation<
      ChangePasswordApiResponse,
      ChangePasswordApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/password`,
        method: "PUT",
        body: queryArg.body,
      }),
    }),
    verifyEmail: build.mutation<VerifyEmailApiResponse, VerifyEmailApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/email/verify`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    resendVerification: build.mutation<
      ResendVerificationApiResponse,
      ResendVerificationApiArg
    >({
      query: () => ({
        url: `/api/v1/users/email/verify/resend`,
        method: "POST",
      }),
    }),
    changeEmail: build.mutation<ChangeEmailApiResponse, ChangeEmailApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/me/email`,
        method: "PUT",
        body: queryArg.body,
      }),
    }),
    getSecurity: build.query<GetSecurityApiResponse, GetSecurityApiArg>({
      query: () => ({ url: `/api/v1/users/me/second-factors` }),
    }),
    setUpTotp: build.mutation<SetUpTotpApiResponse, SetUpTotpApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/me/second-factors/totp`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    confirmTotp: build.mutation<ConfirmTotpApiResponse, ConfirmTotpApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/me/second-factors/totp/confirm`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    removeTotp: build.mutation<RemoveTotpApiResponse, RemoveTotpApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/me/second-factors/totp/remove`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    newRecoveryCodes: build.mutation<
      NewRecoveryCodesApiResponse,
      NewRecoveryCodesApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/second-factors/recovery-codes`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    deactivateAccount: build.mutation<
      DeactivateAccountApiResponse,
      DeactivateAccountApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/deactivate`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    deleteAccount: build.mutation<
      DeleteAccountApiResponse,
      DeleteAccountApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/delete`,
        method: "POST",
        body: queryArg.body,
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
    deleteMe: build.mutation<DeleteMeApiResponse, DeleteMeApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/me`,
        method: "DELETE",
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
    changeUsername: build.mutation<
      ChangeUsernameApiResponse,
      ChangeUsernameApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/username`,
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
    listSuggestions: build.query<
      ListSuggestionsApiResponse,
      ListSuggestionsApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/suggestions`,
        params: {
          limit: queryArg.limit,
        },
      }),
    }),
    dismissSuggestion: build.mutation<
      DismissSuggestionApiResponse,
      DismissSuggestionApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/suggestions/${encodeURIComponent(String(queryArg.userId))}`,
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
    getUploadParts: build.query<
      GetUploadPartsApiResponse,
      GetUploadPartsApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/media/${encodeURIComponent(String(queryArg.mediaId))}/parts`,
      }),
    }),
    uploadPart: build.mutation<UploadPartApiResponse, UploadPartApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/media/upload/${encodeURIComponent(String(queryArg.mediaId))}/parts/${encodeURIComponent(String(queryArg["number"]))}`,
        method: "PUT",
      }),
    }),
    editMedia: build.mutation<EditMediaApiResponse, EditMediaApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/media/${encodeURIComponent(String(queryArg.mediaId))}/edit`,
        method: "PUT",
        body: queryArg.body,
      }),
    }),
    patchMediaEdit: build.mutation<
      PatchMediaEditApiResponse,
      PatchMediaEditApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/media/${encodeURIComponent(String(queryArg.mediaId))}/edit`,
        method: "PATCH",
        body: queryArg.body,
      }),
    }),
    setAvatar: build.mutation<SetAvatarApiResponse, SetAvatarApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/me/avatar`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    removeAvatar: build.mutation<RemoveAvatarApiResponse, RemoveAvatarApiArg>({
      query: () => ({ url: `/api/v1/users/me/avatar`, method: "DELETE" }),
    }),
    setCaptions: build.mutation<SetCaptionsApiResponse, SetCaptionsApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/media/${encodeURIComponent(String(queryArg.mediaId))}/captions`,
        method: "PUT",
        body: queryArg.body,
      }),
    }),
    patchCaptions: build.mutation<
      PatchCaptionsApiResponse,
      PatchCaptionsApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/media/${encodeURIComponent(String(queryArg.mediaId))}/captions`,
        method: "PATCH",
        body: queryArg.body,
      }),
    }),
    deleteCaptions: build.mutation<
      DeleteCaptionsApiResponse,
      DeleteCaptionsApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/media/${encodeURIComponent(String(queryArg.mediaId))}/captions/${encodeURIComponent(String(queryArg.language))}`,
        method: "DELETE",
      }),
    }),
    getStorage: build.query<GetStorageApiResponse, GetStorageApiArg>({
      query: () => ({ url: `/api/v1/users/me/storage` }),
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
    updatePost: build.mutation<UpdatePostApiResponse, UpdatePostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}`,
        method: "PUT",
        body: queryArg.body,
      }),
    }),
    deletePost: build.mutation<DeletePostApiResponse, DeletePostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}`,
        method: "DELETE",
      }),
    }),
    patchPost: build.mutation<PatchPostApiResponse, PatchPostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}`,
        method: "PATCH",
        body: queryArg.body,
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
    savePost: build.mutation<SavePostApiResponse, SavePostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/save`,
        method: "POST",
      }),
    }),
    unsavePost: build.mutation<UnsavePostApiResponse, UnsavePostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/save`,
        method: "DELETE",
      }),
    }),
    listSavedPosts: build.query<
      ListSavedPostsApiResponse,
      ListSavedPostsApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/saved`,
        params: {
          cursor: queryArg.cursor,
          limit: queryArg.limit,
        },
      }),
    }),
    listArchivedPosts: build.query<
      ListArchivedPostsApiResponse,
      ListArchivedPostsApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/archived`,
        params: {
          cursor: queryArg.cursor,
          limit: queryArg.limit,
        },
      }),
    }),
    pinPost: build.mutation<PinPostApiResponse, PinPostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/pin`,
        method: "POST",
      }),
    }),
    unpinPost: build.mutation<UnpinPostApiResponse, UnpinPostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/pin`,
        method: "DELETE",
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
    sharePost: build.mutation<SharePostApiResponse, SharePostApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/share`,
        method: "POST",
      }),
    }),
    listPostLikes: build.query<ListPostLikesApiResponse, ListPostLikesApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/posts/${encodeURIComponent(String(queryArg.postId))}/likes`,
        params: {
          reaction: queryArg.reaction,
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
    updateComment: build.mutation<
      UpdateCommentApiResponse,
      UpdateCommentApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/comments/${encodeURIComponent(String(queryArg.commentId))}`,
        method: "PUT",
        body: queryArg.body,
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
    restoreComment: build.mutation<
      RestoreCommentApiResponse,
      RestoreCommentApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/comments/${encodeURIComponent(String(queryArg.commentId))}/restore`,
        method: "POST",
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
    explore: build.query<ExploreApiResponse, ExploreApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/feed/explore`,
        params: {
          cursor: queryArg.cursor,
          limit: queryArg.limit,
          without_followed: queryArg.withoutFollowed,
        },
      }),
    }),
    lookupHashtags: build.query<
      LookupHashtagsApiResponse,
      LookupHashtagsApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/hashtags/lookup`,
        params: {
          q: queryArg.q,
          limit: queryArg.limit,
        },
      }),
    }),
    getHashtag: build.query<GetHashtagApiResponse, GetHashtagApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/hashtags/${encodeURIComponent(String(queryArg.name))}`,
      }),
    }),
    listHashtagPosts: build.query<
      ListHashtagPostsApiResponse,
      ListHashtagPostsApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/hashtags/${encodeURIComponent(String(queryArg.name))}/posts`,
        params: {
          cursor: queryArg.cursor,
          limit: queryArg.limit,
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
export type LoginSecondFactorApiResponse =
  /** status 200 Request fulfilled, document follows */ SignedIn;
export type LoginSecondFactorApiArg = {
  body: {
    challenge: string;
    code: string;
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
export type StartPasskeyLoginApiResponse =
  /** status 200 Request fulfilled, document follows */ Challenge;
export type StartPasskeyLoginApiArg = {
  body: {
    challenge?: string | null;
  };
};
export type FinishPasskeyLoginApiResponse =
  /** status 200 Request fulfilled, document follows */ SignedIn;
export type FinishPasskeyLoginApiArg = {
  body: {
    challenge: string;
    credential: {
      [key: string]: unknown;
    };
    session?: "cookie" | "token";
  };
};
export type StartPasskeyApiResponse =
  /** status 200 Request fulfilled, document follows */ Challenge;
export type StartPasskeyApiArg = {
  body: {
    password?: string | null;
  };
};
export type AddPasskeyApiResponse =
  /** status 201 Document created, URL follows */ PasskeyMade;
export type AddPasskeyApiArg = {
  body: {
    challenge: string;
    credential: {
      [key: string]: unknown;
    };
    name?: string;
  };
};
export type RenamePasskeyApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type RenamePasskeyApiArg = {
  passkeyId: string;
  body: {
    name: string;
  };
};
export type RemovePasskeyApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type RemovePasskeyApiArg = {
  passkeyId: string;
  body: {
    password?: string | null;
  };
};
export type GetMethodsApiResponse =
  /** status 200 Request fulfilled, document follows */ Methods;
export type GetMethodsApiArg = void;
export type StartProviderApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type StartProviderApiArg = {
  provider: string;
  next?: string;
};
export type LinkProviderApiResponse =
  /** status 200 Request fulfilled, document follows */ Going;
export type LinkProviderApiArg = {
  provider: string;
};
export type UnlinkProviderApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type UnlinkProviderApiArg = {
  provider: string;
};
export type GetNewcomerApiResponse =
  /** status 200 Request fulfilled, document follows */ Newcomer;
export type GetNewcomerApiArg = {
  body: {
    ticket: string;
  };
};
export type RegisterNewcomerApiResponse =
  /** status 201 Document created, URL follows */ SignedIn;
export type RegisterNewcomerApiArg = {
  body: {
    ticket: string;
    username: string;
    email?: string | null;
    full_name?: string | null;
    invite?: string | null;
    session?: "cookie" | "token";
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
export type ForgotPasswordApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type ForgotPasswordApiArg = {
  body: {
    login: string;
  };
};
export type ChangePasswordApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type ChangePasswordApiArg = {
  body: {
    new: string;
    current?: string | null;
  };
};
export type VerifyEmailApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type VerifyEmailApiArg = {
  body: {
    token: string;
  };
};
export type ResendVerificationApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type ResendVerificationApiArg = void;
export type ChangeEmailApiResponse =
  /** status 200 Request fulfilled, document follows */ Security;
export type ChangeEmailApiArg = {
  body: {
    email: string;
    password?: string | null;
  };
};
export type GetSecurityApiResponse =
  /** status 200 Request fulfilled, document follows */ Security;
export type GetSecurityApiArg = void;
export type SetUpTotpApiResponse =
  /** status 200 Request fulfilled, document follows */ TotpSetup;
export type SetUpTotpApiArg = {
  body: {
    password?: string | null;
  };
};
export type ConfirmTotpApiResponse =
  /** status 200 Request fulfilled, document follows */ RecoveryCodes;
export type ConfirmTotpApiArg = {
  body: {
    code: string;
  };
};
export type RemoveTotpApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type RemoveTotpApiArg = {
  body: {
    password?: string | null;
  };
};
export type NewRecoveryCodesApiResponse =
  /** status 200 Request fulfilled, document follows */ RecoveryCodes;
export type NewRecoveryCodesApiArg = {
  body: {
    password?: string | null;
  };
};
export type DeactivateAccountApiResponse =
  /** status 200 Request fulfilled, document follows */ Leaving;
export type DeactivateAccountApiArg = {
  body: {
    password?: string | null;
  };
};
export type DeleteAccountApiResponse =
  /** status 200 Request fulfilled, document follows */ Leaving;
export type DeleteAccountApiArg = {
  body: {
    password?: string | null;
  };
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
export type DeleteMeApiResponse =
  /** status 200 Request fulfilled, document follows */ Leaving;
export type DeleteMeApiArg = {
  body: {
    password?: string | null;
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
export type ChangeUsernameApiResponse =
  /** status 200 Request fulfilled, document follows */ Me;
export type ChangeUsernameApiArg = {
  body: {
    username: string;
  };
};
export type LookupUsersApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Person[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type LookupUsersApiArg = {
  q: string;
  limit?: number;
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
    data: Person[];
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
    data: Person[];
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
export type ListSuggestionsApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Suggestion[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type ListSuggestionsApiArg = {
  limit?: number;
};
export type DismissSuggestionApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type DismissSuggestionApiArg = {
  userId: string;
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
    filter?: string | null;
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
export type GetUploadPartsApiResponse =
  /** status 200 Request fulfilled, document follows */ UploadParts;
export type GetUploadPartsApiArg = {
  mediaId: string;
};
export type UploadPartApiResponse =
  /** status 200 Request fulfilled, document follows */ Part;
export type UploadPartApiArg = {
  mediaId: string;
  number: string;
};
export type EditMediaApiResponse =
  /** status 200 Request fulfilled, document follows */ Media;
export type EditMediaApiArg = {
  mediaId: string;
  body: {
    filter?: string;
    strength?: number;
    crop?: Crop | null;
    rotate?: 0 | 90 | 180 | 270;
    straighten?: number;
    brightness?: number;
    contrast?: number;
    saturation?: number;
    warmth?: number;
  };
};
export type PatchMediaEditApiResponse =
  /** status 200 Request fulfilled, document follows */ Media;
export type PatchMediaEditApiArg = {
  mediaId: string;
  body: {
    filter?: string;
    strength?: number;
    crop?: Crop | null;
    rotate?: 0 | 90 | 180 | 270;
    straighten?: number;
    brightness?: number;
    contrast?: number;
    saturation?: number;
    warmth?: number;
  };
};
export type SetAvatarApiResponse =
  /** status 200 Request fulfilled, document follows */ Media;
export type SetAvatarApiArg = {
  body: {
    media_id: string;
    crop?: Crop | null;
  };
};
export type RemoveAvatarApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type RemoveAvatarApiArg = void;
export type SetCaptionsApiResponse =
  /** status 200 Request fulfilled, document follows */ Media;
export type SetCaptionsApiArg = {
  mediaId: string;
  body: {
    language: string;
    text: string;
    label?: string;
  };
};
export type PatchCaptionsApiResponse =
  /** status 200 Request fulfilled, document follows */ Media;
export type PatchCaptionsApiArg = {
  mediaId: string;
  body: {
    language: string;
    text: string;
    label?: string;
  };
};
export type DeleteCaptionsApiResponse =
  /** status 200 Request fulfilled, document follows */ Media;
export type DeleteCaptionsApiArg = {
  mediaId: string;
  language: string;
};
export type GetStorageApiResponse =
  /** status 200 Request fulfilled, document follows */ StorageUse;
export type GetStorageApiArg = void;
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
    hide_like_counts?: boolean;
    comments_from?: "EVERYONE" | "FOLLOWERS" | "FOLLOWED";
    show_taken_at?: boolean;
  };
};
export type GetPostApiResponse =
  /** status 200 Request fulfilled, document follows */ Post;
export type GetPostApiArg = {
  postId: string;
};
export type UpdatePostApiResponse =
  /** status 200 Request fulfilled, document follows */ Post;
export type UpdatePostApiArg = {
  postId: string;
  body: {
    caption?: string | null;
    media?: MediaGiven[];
    location?: Place | null;
    tagged?: TagGiven[] | null;
    comments_enabled?: boolean;
    download_allowed?: boolean;
    hide_like_counts?: boolean;
    comments_from?: "EVERYONE" | "FOLLOWERS" | "FOLLOWED";
    show_taken_at?: boolean;
  };
};
export type DeletePostApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type DeletePostApiArg = {
  postId: string;
};
export type PatchPostApiResponse =
  /** status 200 Request fulfilled, document follows */ Post;
export type PatchPostApiArg = {
  postId: string;
  body: {
    caption?: string | null;
    media?: MediaGiven[];
    location?: Place | null;
    tagged?: TagGiven[] | null;
    comments_enabled?: boolean;
    download_allowed?: boolean;
    hide_like_counts?: boolean;
    comments_from?: "EVERYONE" | "FOLLOWERS" | "FOLLOWED";
    show_taken_at?: boolean;
  };
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
export type SavePostApiResponse =
  /** status 200 Request fulfilled, document follows */ Saved;
export type SavePostApiArg = {
  postId: string;
};
export type UnsavePostApiResponse =
  /** status 200 Request fulfilled, document follows */ Saved;
export type UnsavePostApiArg = {
  postId: string;
};
export type ListSavedPostsApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Post[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type ListSavedPostsApiArg = {
  cursor?: string;
  limit?: number;
};
export type ListArchivedPostsApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Post[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type ListArchivedPostsApiArg = {
  cursor?: string;
  limit?: number;
};
export type PinPostApiResponse =
  /** status 200 Request fulfilled, document follows */ Post;
export type PinPostApiArg = {
  postId: string;
};
export type UnpinPostApiResponse =
  /** status 200 Request fulfilled, document follows */ Post;
export type UnpinPostApiArg = {
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
    reaction?: "LIKE" | "LOVE" | "HAHA" | "WOW" | "SAD" | "ANGRY";
  };
};
export type UnlikePostApiResponse =
  /** status 200 Request fulfilled, document follows */ Reacted;
export type UnlikePostApiArg = {
  postId: string;
};
export type SharePostApiResponse =
  /** status 200 Request fulfilled, document follows */ Shared;
export type SharePostApiArg = {
  postId: string;
};
export type ListPostLikesApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Liker[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type ListPostLikesApiArg = {
  postId: string;
  reaction?:
    | ("LIKE" | "LOVE" | "HAHA" | "WOW" | "SAD" | "ANGRY" | null)
    | ("LIKE" | "LOVE" | "HAHA" | "WOW" | "SAD" | "ANGRY" | null);
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
export type UpdateCommentApiResponse =
  /** status 200 Request fulfilled, document follows */ Comment;
export type UpdateCommentApiArg = {
  commentId: string;
  body: {
    text: string;
  };
};
export type DeleteCommentApiResponse =
  /** status 200 Request fulfilled, document follows */ object;
export type DeleteCommentApiArg = {
  commentId: string;
};
export type RestoreCommentApiResponse =
  /** status 200 Request fulfilled, document follows */ Comment;
export type RestoreCommentApiArg = {
  commentId: string;
};
export type LikeCommentApiResponse =
  /** status 200 Request fulfilled, document follows */ Reacted;
export type LikeCommentApiArg = {
  commentId: string;
  body: {
    reaction?: "LIKE" | "LOVE" | "HAHA" | "WOW" | "SAD" | "ANGRY";
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
export type ExploreApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Post[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type ExploreApiArg = {
  cursor?: string;
  limit?: number;
  withoutFollowed?: boolean;
};
export type LookupHashtagsApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Hashtag[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type LookupHashtagsApiArg = {
  q: string;
  limit?: number;
};
export type GetHashtagApiResponse =
  /** status 200 Request fulfilled, document follows */ Hashtag;
export type GetHashtagApiArg = {
  name: string;
};
export type ListHashtagPostsApiResponse =
  /** status 200 Request fulfilled, document follows */ {
    data: Post[];
    pagination: {
      next_cursor: string | null;
      has_more: boolean;
    };
  };
export type ListHashtagPostsApiArg = {
  name: string;
  cursor?: string;
  limit?: number;
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
  language?: ("en" | "de" | null) | ("en" | "de" | null);
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
  email_verified: boolean;
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
      | "AVATAR_NOT_FOUND"
      | "BAD_REQUEST"
      | "CANNOT_BLOCK_SELF"
      | "CANNOT_FOLLOW_SELF"
      | "CANNOT_MUTE_SELF"
      | "CHALLENGE_EXPIRED"
      | "COMMENTS_OFF"
      | "COMMENTS_RESTRICTED"
      | "COMMENT_NOT_FOUND"
      | "COMMENT_NOT_RESTORABLE"
      | "CONFLICT"
      | "CSRF_FAILED"
      | "CURSOR_INVALID"
      | "DOWNLOAD_NOT_ALLOWED"
      | "EMAIL_LINK_INVALID"
      | "EMAIL_NEEDS_LINK"
      | "EMAIL_TAKEN"
      | "EMAIL_UNVERIFIED"
      | "FIELD_PROTECTED"
      | "FORBIDDEN"
      | "FORMAT_NOT_SUPPORTED"
      | "HOST_MISSING"
      | "IDEMPOTENCY_IN_PROGRESS"
      | "IDEMPOTENCY_KEY_REUSED"
      | "IDENTITY_TAKEN"
      | "INTERNAL"
      | "INVITE_INVALID"
      | "LAST_WAY_IN"
      | "LIKES_HIDDEN"
      | "LOGIN_AGAIN"
      | "LOGIN_FAILED"
      | "MEDIA_IN_USE"
      | "MEDIA_NOT_A_VIDEO"
      | "MEDIA_NOT_EDITABLE"
      | "MEDIA_NOT_FOUND"
      | "MEDIA_NOT_YOURS"
      | "MEDIA_REJECTED"
      | "METHOD_NOT_ALLOWED"
      | "NOT_FOUND"
      | "NOT_PUBLISHED"
      | "NOT_RESTORABLE"
      | "NOT_SIGNED_IN"
      | "NO_SECOND_FACTOR"
      | "OVERLOADED"
      | "PARENT_NOT_FOUND"
      | "PART_WRONG"
      | "PASSKEY_LIMIT"
      | "PASSKEY_REFUSED"
      | "PASSWORD_WRONG"
      | "PINS_FULL"
      | "POST_NOT_FOUND"
      | "POST_REMOVED"
      | "PROVIDER_DOWN"
      | "PROVIDER_REFUSED"
      | "QUOTA_FULL"
      | "RANGE_NOT_SATISFIABLE"
      | "RATE_LIMITED"
      | "REGISTRATION_CLOSED"
      | "REQUEST_NOT_FOUND"
      | "RESET_LINK_INVALID"
      | "SECOND_FACTOR_FAILED"
      | "SECOND_FACTOR_REQUIRED"
      | "STORAGE_FULL"
      | "TEXT_BLOCKED"
      | "TOKEN_INVALID"
      | "TOO_LARGE"
      | "TOTP_ALREADY_ON"
      | "UNAVAILABLE"
      | "UNSUPPORTED_TYPE"
      | "UPLOAD_CLOSED"
      | "UPLOAD_EXISTS"
      | "UPLOAD_MISSING"
      | "UPLOAD_NOT_IN_PARTS"
      | "UPLOAD_REFUSED"
      | "USERNAME_TAKEN"
      | "VALIDATION_FAILED";
    message: string;
    details: {
      /** What is wrong with each field, as a sentence */
      fields?: {
        [key: string]: string;
      };
      /** The same as a stable code and the values of its sentence */
      rules?: {
        [key: string]: {
          code: string;
        };
      };
    };
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
  browser: string;
  system: string;
  ip: string;
  country: string;
  current: boolean;
};
export type Challenge = {
  challenge: string;
  options: {
    [key: string]: unknown;
  };
};
export type PasskeyMade = {
  passkey_id: string;
  recovery_codes: string[];
};
export type ProviderInfo = {
  name: string;
  label: string;
};
export type Methods = {
  registration: "open" | "invite" | "approval" | "closed";
  passkeys: boolean;
  providers: ProviderInfo[];
};
export type Going = {
  url: string;
};
export type Newcomer = {
  provider: string;
  label: string;
  username: string;
  full_name: string;
  email: string;
  email_verified: boolean;
};
export type PasskeyInfo = {
  passkey_id: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
};
export type IdentityInfo = {
  provider: string;
  email: string;
  created_at: string;
  last_used_at: string | null;
};
export type Security = {
  has_password: boolean;
  email: string;
  email_verified: boolean;
  pending_email: string | null;
  totp: boolean;
  recovery_codes_left: number;
  passkeys: PasskeyInfo[];
  identities: IdentityInfo[];
};
export type TotpSetup = {
  secret: string;
  uri: string;
};
export type RecoveryCodes = {
  recovery_codes: string[];
};
export type Leaving = {
  erased_at: string | null;
};
export type PreferencesChange = {
  theme?: "system" | "light" | "dark";
  language?: ("en" | "de") | null;
  feed_order?: "latest" | "ranked";
  impressions?: boolean;
};
export type PersonViewer = {
  following: "NONE" | "PENDING" | "ACCEPTED";
  followed_by: boolean;
};
export type Person = {
  user_id: string;
  username: string;
  full_name: string;
  avatar_url: string | null;
  is_verified: boolean;
  is_private: boolean;
  viewer: PersonViewer | null;
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
export type Account = {
  user_id: string;
  username: string;
  full_name: string;
  avatar_url: string | null;
  is_verified: boolean;
  is_private: boolean;
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
export type Reason = {
  kind: "FOLLOWED_BY" | "POPULAR";
  people: Account[];
  count: number;
};
export type Suggestion = {
  user: Person;
  reason: Reason;
};
export type PartAddress = {
  number: number;
  url: string;
};
export type Upload = {
  method: "POST" | "PUT" | "MULTIPART";
  url: string;
  fields?: {
    [key: string]: string;
  };
  headers?: {
    [key: string]: string;
  };
  part_size?: number | null;
  parts?: PartAddress[];
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
export type Exif = {
  taken_at?: string | null;
  camera?: string | null;
  lat?: number | null;
  lng?: number | null;
};
export type Crop = {
  x?: number;
  y?: number;
  width?: number;
  height?: number;
};
export type Edit = {
  filter?: string;
  strength?: number;
  crop?: Crop | null;
  rotate?: number;
  straighten?: number;
  brightness?: number;
  contrast?: number;
  saturation?: number;
  warmth?: number;
};
export type CaptionTrack = {
  language: string;
  label: string;
  url: string;
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
  taken_at?: string | null;
  exif?: Exif | null;
  edit?: Edit | null;
  progress?: number | null;
  captions?: CaptionTrack[];
};
export type PartState = {
  number: number;
  url: string;
  size: number;
  arrived: boolean;
  sha256: string | null;
};
export type UploadParts = {
  media_id: string;
  part_size: number;
  parts: PartState[];
  expires_at: string;
};
export type Part = {
  number: number;
  size: number;
  sha256: string | null;
};
export type StorageUse = {
  used: number;
  quota: number | null;
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
  hide_like_counts: boolean;
  comments_from: "EVERYONE" | "FOLLOWERS" | "FOLLOWED";
  show_taken_at: boolean;
  like_count: number | null;
  reaction_counts: {
    [key: string]: number;
  } | null;
  comment_count: number;
  share_count: number;
  created_at: string;
  edited_at: string | null;
  pinned?: boolean;
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
export type Saved = {
  saved: boolean;
};
export type Reacted = {
  reaction: string | null;
  like_count: number | null;
  reaction_counts: {
    [key: string]: number;
  } | null;
};
export type Shared = {
  share_count: number;
  url: string;
};
export type Liker = {
  user_id: string;
  username: string;
  full_name: string;
  avatar_url: string | null;
  is_verified: boolean;
  is_private: boolean;
  viewer: PersonViewer | null;
  reaction: string;
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
  mentions: Account[];
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
export type Hashtag = {
  name: string;
  post_count: number;
};
export type Impression = {
  post_id: string;
  dwell_ms: number;
  at: string;
};
export type Reason2 = {
  name: string;
  weight: number;
  text: string;
};
export type Why = {
  reasons: Reason2[];
};
export const {
  useRegisterAccountMutation,
  useLoginMutation,
  useLoginSecondFactorMutation,
  useRefreshTokenMutation,
  useLogoutMutation,
  useListSessionsQuery,
  useLazyListSessionsQuery,
  useRevokeSessionMutation,
  useStartPasskeyLoginMutation,
  useFinishPasskeyLoginMutation,
  useStartPasskeyMutation,
  useAddPasskeyMutation,
  useRenamePasskeyMutation,
  useRemovePasskeyMutation,
  useGetMethodsQuery,
  useLazyGetMethodsQuery,
  useStartProviderQuery,
  useLazyStartProviderQuery,
  useLinkProviderMutation,
  useUnlinkProviderMutation,
  useGetNewcomerMutation,
  useRegisterNewcomerMutation,
  useResetPasswordMutation,
  useForgotPasswordMutation,
  useChangePasswordMutation,
  useVerifyEmailMutation,
  useResendVerificationMutation,
  useChangeEmailMutation,
  useGetSecurityQuery,
  useLazyGetSecurityQuery,
  useSetUpTotpMutation,
  useConfirmTotpMutation,
  useRemoveTotpMutation,
  useNewRecoveryCodesMutation,
  useDeactivateAccountMutation,
  useDeleteAccountMutation,
  useGetMeQuery,
  useLazyGetMeQuery,
  useUpdateMeMutation,
  useDeleteMeMutation,
  usePatchMeMutation,
  useChangeUsernameMutation,
  useLookupUsersQuery,
  useLazyLookupUsersQuery,
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
  useListSuggestionsQuery,
  useLazyListSuggestionsQuery,
  useDismissSuggestionMutation,
  useCreateUploadUrlMutation,
  useCompleteUploadMutation,
  useGetMediaQuery,
  useLazyGetMediaQuery,
  useWaitForMediaQuery,
  useLazyWaitForMediaQuery,
  useUploadFileMutation,
  useGetUploadPartsQuery,
  useLazyGetUploadPartsQuery,
  useUploadPartMutation,
  useEditMediaMutation,
  usePatchMediaEditMutation,
  useSetAvatarMutation,
  useRemoveAvatarMutation,
  useSetCaptionsMutation,
  usePatchCaptionsMutation,
  useDeleteCaptionsMutation,
  useGetStorageQuery,
  useLazyGetStorageQuery,
  useCreatePostMutation,
  useGetPostQuery,
  useLazyGetPostQuery,
  useUpdatePostMutation,
  useDeletePostMutation,
  usePatchPostMutation,
  useWaitForPostQuery,
  useLazyWaitForPostQuery,
  useRestorePostMutation,
  useArchivePostMutation,
  useUnarchivePostMutation,
  useSavePostMutation,
  useUnsavePostMutation,
  useListSavedPostsQuery,
  useLazyListSavedPostsQuery,
  useListArchivedPostsQuery,
  useLazyListArchivedPostsQuery,
  usePinPostMutation,
  useUnpinPostMutation,
  useListUserPostsQuery,
  useLazyListUserPostsQuery,
  useUserFeedQuery,
  useLazyUserFeedQuery,
  useLikePostMutation,
  useUnlikePostMutation,
  useSharePostMutation,
  useListPostLikesQuery,
  useLazyListPostLikesQuery,
  useListCommentsQuery,
  useLazyListCommentsQuery,
  useCreateCommentMutation,
  useListRepliesQuery,
  useLazyListRepliesQuery,
  useUpdateCommentMutation,
  useDeleteCommentMutation,
  useRestoreCommentMutation,
  useLikeCommentMutation,
  useUnlikeCommentMutation,
  useHomeFeedQuery,
  useLazyHomeFeedQuery,
  useCountNewPostsQuery,
  useLazyCountNewPostsQuery,
  useExploreQuery,
  useLazyExploreQuery,
  useLookupHashtagsQuery,
  useLazyLookupHashtagsQuery,
  useGetHashtagQuery,
  useLazyGetHashtagQuery,
  useListHashtagPostsQuery,
  useLazyListHashtagPostsQuery,
  useRecordImpressionsMutation,
  useWhyPostQuery,
  useLazyWhyPostQuery,
} = injectedRtkApi;
