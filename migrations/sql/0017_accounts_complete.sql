-- Mail, second factors, providers, deactivation and deletion.

-- `status` may be 'deactivated' too; which states there are is said by accounts/rules. What is to be erased is
-- deactivated until `erase_at`.
alter table accounts drop constraint accounts_status_check;
alter table accounts
  add column email_verified_at timestamptz,
  add column erase_at          timestamptz;

alter table sessions add column country text not null default '';   -- of the address, where a trusted proxy names it

-- An address waits here until somebody who reads its mail says so; then it is the account's.
create table email_links (
  account_id  bigint not null,
  token_hash  bytea not null,
  email       text collate "C" not null,
  expires_at  timestamptz not null,
  used_at     timestamptz,
  primary key (account_id, token_hash)
);
create unique index email_links_token on email_links (token_hash);

create table totp_secrets (
  account_id    bigint primary key,
  secret        bytea not null,                        -- sealed
  confirmed_at  timestamptz,
  last_step     bigint not null default 0,             -- of the last code taken, which is never taken again
  created_at    timestamptz not null default clock_timestamp()
);

create table passkeys (
  account_id     bigint not null,
  id             bigint not null,
  credential_id  bytea not null,
  public_key     bytea not null,
  sign_count     bigint not null default 0,
  transports     text[] not null default '{}',
  name           text not null,
  created_at     timestamptz not null default clock_timestamp(),
  last_used_at   timestamptz,
  primary key (account_id, id)
);
create unique index passkeys_credential on passkeys (credential_id);

create table recovery_codes (
  account_id  bigint not null,
  code_hash   bytea not null,
  used_at     timestamptz,
  primary key (account_id, code_hash)
);

-- Somebody on the way in: the second step of a log-in, a passkey that was asked for, a provider that was asked.
create table ways_in (
  token_hash  bytea primary key,
  kind        text not null,
  account_id  bigint not null,                         -- 0: not known yet
  detail      bytea not null,                          -- sealed
  tries       integer not null default 0,
  expires_at  timestamptz not null
);
create index ways_in_age on ways_in (expires_at);
create index ways_in_account on ways_in (account_id) where account_id <> 0;

create table identities (
  account_id    bigint not null,
  provider      text collate "C" not null,
  subject       text collate "C" not null,
  email         text not null default '',
  created_at    timestamptz not null default clock_timestamp(),
  last_used_at  timestamptz,
  primary key (account_id, provider, subject)
);
create unique index identities_subject on identities (provider, subject);

-- Whom the product has forgotten, by id alone: a backup that is put back forgets them again.
create table erasures (
  account_id  bigint primary key,
  asked_at    timestamptz not null,
  erased_at   timestamptz
);
