-- Likes and comments. `counted` is what the count tables hold of a row, so a count is exact however often an event comes.

create table post_counts (
  post_id    bigint primary key,
  reactions  jsonb not null default '{}',
  likes      integer not null default 0,
  comments   integer not null default 0,
  shares     integer not null default 0
) with (fillfactor = 70);

create table reactions (
  user_id      bigint not null,
  post_id      bigint not null,
  reaction     text,                                   -- null: taken back, and not yet uncounted
  counted      text,
  reaction_id  bigint not null,
  created_at   timestamptz not null default clock_timestamp(),
  primary key (user_id, post_id)
);
create index reactions_post on reactions (post_id, reaction_id desc) where reaction is not null;

create table comments (
  post_id     bigint not null,
  id          bigint not null,
  parent_id   bigint,
  author_id   bigint not null,
  text        text not null,
  counted     boolean not null default false,
  created_at  timestamptz not null default clock_timestamp(),
  edited_at   timestamptz,
  deleted_at  timestamptz,
  deleted_by  bigint,
  primary key (post_id, id)
);
create unique index comments_id on comments (id);
create index comments_top on comments (post_id, id) where parent_id is null;
create index comments_replies on comments (parent_id, id) where parent_id is not null;
create index comments_author on comments (author_id, id);
create index comments_deleted on comments (deleted_at) where deleted_at is not null;
create view live_comments as select * from comments where deleted_at is null;

create table comment_counts (
  comment_id  bigint primary key,
  reactions   jsonb not null default '{}',
  likes       integer not null default 0,
  replies     integer not null default 0
) with (fillfactor = 70);

create table comment_reactions (
  user_id      bigint not null,
  comment_id   bigint not null,
  post_id      bigint not null,
  reaction     text,
  counted      text,
  reaction_id  bigint not null,
  created_at   timestamptz not null default clock_timestamp(),
  primary key (user_id, comment_id)
);
create index comment_reactions_comment on comment_reactions (comment_id) where reaction is not null;
create index comment_reactions_post on comment_reactions (post_id);
