-- Video, uploads in parts, storage used.

alter table media
  add column duration     double precision,              -- of what is played: at most 90 s of the upload
  add column progress     real,                          -- of a video that is being encoded, 0 to 1
  add column stream       jsonb,                         -- the tracks of a video and the lengths of their segments
  add column stream_size  bigint not null default 0,     -- bytes that these take
  add column captions     jsonb not null default '[]',   -- [{"language":…, "label":…, "name":…, "size":…}]
  add column upload_id    text;                          -- what the object store calls an upload in parts
