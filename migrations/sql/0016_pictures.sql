-- Edits of pictures, avatars. The indexes after it may fail, and all of this is run again then.

alter table media
  add column if not exists edits          jsonb,                          -- what its owner has it look like; null: as it is
  add column if not exists edit_version   integer not null default 0,     -- of `edits`
  add column if not exists edited_at      timestamptz,
  add column if not exists render         integer not null default 0,     -- the edit_version that the files show, and part of their place
  add column if not exists rendered       jsonb,                          -- the edits that the files show
  add column if not exists source_width   integer,                        -- upright, before any edit
  add column if not exists source_height  integer,
  add column if not exists purpose        text not null default 'post';   -- or 'avatar'

alter table accounts
  add column if not exists avatar_id      bigint,                         -- the medium, once its files are there
  add column if not exists avatar_key     text collate "C";               -- that of its addresses

create or replace view live_accounts as select * from accounts where deleted_at is null and status = 'active';
