-- Uploads and what is made of them. `id` carries its owner's shard.

create table media (
  id              bigint primary key,
  owner_id        bigint not null,
  kind            text not null check (kind in ('IMAGE', 'VIDEO')),
  status          text not null default 'waiting' check (status in ('waiting', 'uploaded', 'processing', 'ready', 'rejected')),
  content_type    text not null,                     -- as declared; the content decides
  declared_size   bigint not null,
  filename        text not null default '',
  alt_text        text not null default '',
  key             text collate "C" not null,         -- random; part of every public address
  post_id         bigint,                            -- the post that uses it
  servable        text not null default 'owner' check (servable in ('none', 'owner', 'signed', 'public')),
  tries           smallint not null default 0,
  rejection_code  text,
  -- learned from the upload; private
  size            bigint,
  format          text,
  width           integer,                           -- upright, of the original
  height          integer,
  blurhash        text,
  camera          text,
  taken_at        timestamptz,
  latitude        double precision,
  longitude       double precision,
  renditions      jsonb not null default '{}',       -- {"large": {"width":…, "height":…, "files": ["large.jpg", …]}}
  created_at      timestamptz not null default clock_timestamp(),
  expires_at      timestamptz not null,              -- of the upload ticket
  uploaded_at     timestamptz,
  started_at      timestamptz,
  finished_at     timestamptz,
  purge_at        timestamptz                        -- files and row go after this
);
create index media_owner on media (owner_id, id);
create index media_unfinished on media (status, created_at) where status in ('waiting', 'uploaded', 'processing');
create index media_purge on media (purge_at) where purge_at is not null;
create index media_unused on media (created_at) where post_id is null and purge_at is null;
