-- The hybrid fan-out: how each author's posts reach followers, where each timeline is complete, and what is read below that.

create table author_delivery (
  author_id  bigint primary key,
  mode       text not null default 'push' check (mode in ('push', 'pull')),
  has_pull   boolean not null default false          -- whether any post of theirs was delivered as pull, ever
) with (fillfactor = 70);
create index author_delivery_pull on author_delivery (author_id) where has_pull;
create index posts_pulled on posts (author_id, feed_id desc) where delivery = 'pull';

alter table timeline_state
  add column seen_at timestamptz not null default clock_timestamp(),
  add column away boolean not null default false;    -- not seen for long: nothing is pushed, the timeline is empty
create index timeline_state_seen on timeline_state (seen_at) where not away;

-- A timeline holds some 900 rows: an author's are found by the reader, and a second index would cost each fan-out dear.
drop index timelines_author;

-- A stretch that was built below the floor: complete for low_id <= feed_id < high_id, newest first.
create table timeline_backfills (
  user_id     bigint primary key,
  high_id     bigint not null,
  low_id      bigint not null,
  feed_ids    bigint[] not null,
  post_ids    bigint[] not null,
  author_ids  bigint[] not null,
  built_at    timestamptz not null default clock_timestamp()
);
create index timeline_backfills_age on timeline_backfills (built_at);
