-- Posts, and what moderation decided on them. `id` carries its author's shard; lists are ordered by feed_id.

create table posts (
  id                 bigint primary key,
  author_id          bigint not null,
  feed_id            bigint,                          -- given in the transaction that first makes it visible
  type               text not null check (type in ('TEXT', 'IMAGE', 'VIDEO')),
  status             text not null default 'processing'
                     check (status in ('processing', 'published', 'blocked', 'failed', 'archived', 'removed')),
  problem            text,                            -- stable code, shown to the author
  caption            text not null default '',
  location           jsonb,
  tagged             jsonb not null default '[]',
  comments_enabled   boolean not null default true,
  download_allowed   boolean not null default false,
  revision           integer not null default 1,
  approved_revision  integer,
  decision           jsonb,                           -- the last one: {"verdict", "reason", "rule", "revision", "at"}
  delivery           text check (delivery in ('push', 'pull')),
  counted            boolean not null default false,  -- whether account_counts holds it
  created_at         timestamptz not null default clock_timestamp(),
  edited_at          timestamptz,
  published_at       timestamptz,
  deleted_at         timestamptz,
  deleted_by         bigint
);
create unique index posts_feed on posts (author_id, feed_id desc) where feed_id is not null;
create index posts_unpublished on posts (author_id, id desc) where feed_id is null;
create index posts_processing on posts (created_at) where status = 'processing' and deleted_at is null;
create index posts_deleted on posts (deleted_at) where deleted_at is not null;
create view live_posts as select * from posts where deleted_at is null;

create table post_media (
  post_id   bigint not null,
  n         smallint not null,
  media_id  bigint not null,
  alt_text  text not null default '',
  primary key (post_id, n)
);
create unique index post_media_media on post_media (media_id);

create table post_hashtags (
  post_id  bigint not null,
  tag      text collate "C" not null,
  primary key (post_id, tag)
);
create index post_hashtags_tag on post_hashtags (tag, post_id desc);

create table post_mentions (
  post_id     bigint not null,
  account_id  bigint not null,
  primary key (post_id, account_id)
);
create index post_mentions_account on post_mentions (account_id, post_id desc);
