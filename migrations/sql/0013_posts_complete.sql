-- Editing, saving, sharing and pinning posts.

alter table posts
  add column pending jsonb,                                       -- an edit that waits to be judged, or was refused: its author sees it
  add column hide_like_counts boolean not null default false,
  add column comments_from text not null default 'EVERYONE',      -- EVERYONE, FOLLOWERS, FOLLOWED
  add column show_taken_at boolean not null default false;
create or replace view live_posts as select * from posts where deleted_at is null;

create table saves (
  user_id     bigint not null,
  post_id     bigint not null,
  save_id     bigint not null,                                    -- the order of the list
  created_at  timestamptz not null default clock_timestamp(),
  primary key (user_id, post_id)
);
create index saves_list on saves (user_id, save_id desc);
create index saves_post on saves (post_id);

create table shares (
  user_id     bigint not null,
  post_id     bigint not null,
  counted     boolean not null default false,                     -- whether post_counts holds it
  created_at  timestamptz not null default clock_timestamp(),
  primary key (user_id, post_id)
);
create index shares_post on shares (post_id);

create table post_pins (
  author_id  bigint not null,
  slot       smallint not null check (slot between 1 and 3),
  post_id    bigint not null unique,
  pinned_at  timestamptz not null default clock_timestamp(),
  primary key (author_id, slot)
);
