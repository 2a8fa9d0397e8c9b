-- Who follows whom. A row stays as a tombstone (state NONE) until the log has uncounted it.

create table follows (
  follower_id  bigint not null,
  followee_id  bigint not null,
  state        text not null check (state in ('NONE', 'PENDING', 'ACCEPTED')),
  follow_id    bigint not null,                      -- orders the lists, newest first
  counted      boolean not null default false,       -- whether account_counts holds it
  created_at   timestamptz not null default clock_timestamp(),
  primary key (follower_id, followee_id),
  check (follower_id <> followee_id)
);
create index follows_followers on follows (followee_id, follow_id desc) where state = 'ACCEPTED';
create index follows_following on follows (follower_id, follow_id desc) where state = 'ACCEPTED';
create index follows_fan_out on follows (followee_id, follower_id) where state = 'ACCEPTED';
create view live_follows as select follower_id, followee_id, follow_id, created_at from follows where state = 'ACCEPTED';
