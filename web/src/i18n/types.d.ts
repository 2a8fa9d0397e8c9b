import "i18next";
import type accounts from "./en/accounts.json";
import type common from "./en/common.json";
import type compose from "./en/compose.json";
import type details from "./en/details.json";
import type discovery from "./en/discovery.json";
import type edit from "./en/edit.json";
import type errors from "./en/errors.json";
import type feed from "./en/feed.json";
import type film from "./en/film.json";
import type people from "./en/people.json";
import type post from "./en/post.json";
import type profile from "./en/profile.json";
import type session from "./en/session.json";
import type settings from "./en/settings.json";
import type talk from "./en/talk.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: {
      accounts: typeof accounts;
      common: typeof common;
      compose: typeof compose;
      details: typeof details;
      discovery: typeof discovery;
      edit: typeof edit;
      errors: typeof errors;
      feed: typeof feed;
      film: typeof film;
      people: typeof people;
      post: typeof post;
      profile: typeof profile;
      session: typeof session;
      settings: typeof settings;
      talk: typeof talk;
    };
  }
}
