-- Hashtags and likes get columns and indexes while posts are written as ever. What an interrupted run left is made anew.

-- feed_id: of its post, once counted, for the order of the hashtag's list. counted: whether hashtag_counts holds it.
-- gone: an edit took it out, and the row stays until it is uncounted.
alter table post_hashtags
  add column if not exists feed_id bigint,
  add column if not exists counted boolean not null default false,
  add column if not exists gone boolean not null default false;
drop index concurrently if exists post_hashtags_shown;
create index concurrently post_hashtags_shown on post_hashtags (tag, feed_id desc) where counted;

drop index concurrently if exists reactions_newest;
create index concurrently reactions_newest on reactions (post_id, reaction_id desc) include (reaction, user_id) where reaction is not null;
drop index concurrently if exists reactions_post;
