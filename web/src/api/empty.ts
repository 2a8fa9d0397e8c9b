// The API before its endpoints: generated.ts injects them, index.ts says how they are cached.
import { createApi } from "@reduxjs/toolkit/query/react";
import { baseQuery } from "./baseQuery";

export const emptyApi = createApi({
  baseQuery,
  tagTypes: [
    "Post",
    "User",
    "People",
    "Standing",
    "Suggestions",
    "Hashtag",
    "Explore",
    "Comment",
    "Home",
    "Session",
    "Security",
    "PostsBy",
    "Requests",
    "Blocks",
    "Mutes",
    "Saved",
    "Archived",
  ],
  endpoints: () => ({}),
  keepUnusedDataFor: 600,
});
