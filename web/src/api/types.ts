// The shapes of the contract, taken from what the endpoints answer, so that they follow the generated document.
import type {
  CreateCommentApiResponse,
  CreateUploadUrlApiResponse,
  GetPostApiResponse,
  GetSecurityApiResponse,
  GetUserApiResponse,
  HomeFeedApiArg,
  LikePostApiArg,
  ListFollowersApiResponse,
  ListPostLikesApiResponse,
  ListSessionsApiResponse,
  ListSuggestionsApiResponse,
  LookupHashtagsApiResponse,
  RecordImpressionsApiArg,
  SetUpTotpApiResponse,
  UpdateMeApiResponse,
  WhyPostApiResponse,
} from "./generated";

export type Post = GetPostApiResponse;
export type Account = Post["author"];
/** Somebody in a list, with how one stands to them. */
export type Person = ListFollowersApiResponse["data"][number];
export type Liker = ListPostLikesApiResponse["data"][number];
export type Suggestion = ListSuggestionsApiResponse["data"][number];
export type Hashtag = LookupHashtagsApiResponse["data"][number];
export type Reaction = NonNullable<LikePostApiArg["body"]["reaction"]>;
export type Media = Post["media"][number];
export type Profile = GetUserApiResponse;
export type Me = UpdateMeApiResponse;
export type Comment = CreateCommentApiResponse;
export type SessionInfo = ListSessionsApiResponse["data"][number];
export type Security = GetSecurityApiResponse;
export type PasskeyInfo = Security["passkeys"][number];
export type IdentityInfo = Security["identities"][number];
export type TotpSetup = SetUpTotpApiResponse;
export type FeedOrder = NonNullable<HomeFeedApiArg["order"]>;
export type Impression = RecordImpressionsApiArg["body"]["items"][number];
export type Reason = WhyPostApiResponse["reasons"][number];
export type Upload = CreateUploadUrlApiResponse;

export type Page<T> = {
  data: T[];
  pagination: { next_cursor?: string | null; has_more: boolean };
  /** Older than usual: the server cannot tell at present what has changed. */
  stale?: boolean;
};

/** A page of the home feed. The first one knows the newest post there was, from which later ones are counted. */
export type HomePage = Page<Post> & {
  newest: string;
  /** Whom one follows changed since: there may be other posts than these. */
  changed?: boolean;
};
