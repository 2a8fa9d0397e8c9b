-- Timelines of the embedded default: one row a reader and post, written by the fan-out.

create table timelines (
  user_id    bigint not null,
  feed_id    bigint not null,
  post_id    bigint not null,
  author_id  bigint not null,
  primary key (user_id, feed_id)
);
create index timelines_author on timelines (user_id, author_id);

-- For every followee, all push-posts with feed_id >= floor_id are in the timeline.
create table timeline_state (
  user_id   bigint primary key,
  floor_id  bigint not null default 0
);
