-- People: accounts, the directories that keep names unique, sessions, invitations, the audit log.

create table accounts (
  id             bigint primary key,
  username       text collate "C" not null,
  full_name      text not null default '',
  bio            text not null default '',
  website        text not null default '',
  email          text collate "C" not null,
  phone          text,
  password_hash  text,
  role           text not null default 'user' check (role in ('user', 'moderator', 'admin')),
  status         text not null default 'active' check (status in ('pending', 'active', 'suspended')),
  is_private     boolean not null default false,
  is_verified    boolean not null default false,
  preferences    jsonb not null default '{}',
  created_at     timestamptz not null default clock_timestamp(),
  deleted_at     timestamptz,
  deleted_by     bigint
);
create index accounts_username_prefix on accounts (username text_pattern_ops) where deleted_at is null;
create index accounts_full_name_prefix on accounts (lower(full_name) text_pattern_ops) where deleted_at is null;
create view live_accounts as select * from accounts where deleted_at is null and status = 'active';

-- What the log has counted. Apart from accounts, so that a count never waits for a profile edit.
create table account_counts (
  account_id  bigint primary key,
  posts       integer not null default 0,
  followers   integer not null default 0,
  following   integer not null default 0
) with (fillfactor = 70);

create table usernames (
  username     text collate "C" primary key,
  account_id   bigint not null,
  released_at  timestamptz                          -- set: blocked for 14 days for everyone else
);
create table emails (
  email        text collate "C" primary key,        -- lower-cased
  account_id   bigint not null
);

create table sessions (
  account_id    bigint not null,
  id            bigint not null,
  created_at    timestamptz not null default clock_timestamp(),
  last_used_at  timestamptz not null default clock_timestamp(),
  expires_at    timestamptz not null,
  user_agent    text not null default '',
  ip            text not null default '',
  generation    integer not null default 1,          -- of the refresh token that is valid now
  rotated_at    timestamptz not null default clock_timestamp(),
  revoked_at    timestamptz,
  revoked_why   text,
  primary key (account_id, id)
);
create index sessions_revoked on sessions (revoked_at) where revoked_at is not null;

create table invites (
  code_hash   bytea primary key,
  created_by  bigint,
  uses_left   integer not null check (uses_left >= 0),
  expires_at  timestamptz not null,
  created_at  timestamptz not null default clock_timestamp()
);
create table reset_links (
  account_id  bigint not null,
  token_hash  bytea not null,
  expires_at  timestamptz not null,
  used_at     timestamptz,
  primary key (account_id, token_hash)
);
create unique index reset_links_token on reset_links (token_hash);

create table audit_log (
  id          bigint primary key,
  actor_id    bigint,                                 -- null: the operator at the command line, or the system
  action      text not null,
  subject     text not null,
  detail      jsonb not null default '{}',
  created_at  timestamptz not null default clock_timestamp()
);
create index audit_log_time on audit_log (created_at);
