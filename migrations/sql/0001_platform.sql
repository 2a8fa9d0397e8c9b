-- The ground everything stands on: who gives out ids, the event log, idempotency, rate windows.

create table id_nodes (
  node        smallint primary key check (node between 0 and 31),
  high_water  bigint not null default 0          -- milliseconds of the id epoch that this node may have used
);
insert into id_nodes (node) select generate_series(0, 31);

-- One row: the position counter, the heartbeat and the fence of the sequencer.
create table log_state (
  one_row      boolean primary key default true check (one_row),
  incarnation  uuid not null default gen_random_uuid(),
  system       text not null default '',         -- the cluster the incarnation was made on; differs after a restore
  epoch        bigint not null default 0,
  pos          bigint not null default 0,
  beat_at      timestamptz not null default clock_timestamp(),
  partition_to bigint not null default 0         -- partitions exist for every pos below this
) with (fillfactor = 50);
insert into log_state default values;

create table event_inbox (
  id          bigint generated always as identity (cache 1) primary key,
  event_id    uuid not null default uuidv7(),
  topic       text not null,
  part        smallint not null,
  key         bigint not null,
  type        text not null,
  payload     bytea not null,
  headers     bytea,
  created_at  timestamptz not null default clock_timestamp()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

create table event_log (
  pos         bigint not null,
  event_id    uuid not null,
  topic       text not null,
  part        smallint not null,
  key         bigint not null,
  type        text not null,
  payload     bytea not null,
  headers     bytea,
  created_at  timestamptz not null,
  primary key (pos)
) partition by range (pos);
create index event_log_part on event_log (topic, part, pos);

create function log_add_partition(width bigint) returns bigint language plpgsql as $$
declare low bigint; name text;
begin
  select partition_to into low from log_state for update;
  name := 'event_log_p' || low;
  execute format('create table %I (like event_log including defaults including constraints)', name);
  execute format('alter table event_log attach partition %I for values from (%s) to (%s)', name, low, low + width);
  update log_state set partition_to = low + width;
  return low + width;
end $$;
select log_add_partition(1000000);

-- Moves what is committed in the inbox to the log, in id order; raises on a stale epoch.
-- An id that commits late is simply moved later: only `pos` is ever used as a position.
create function log_step(my_epoch bigint, most int) returns setof event_log language plpgsql as $$
declare base bigint; moved bigint; bound bigint; current_epoch bigint;
begin
  select pos, partition_to, epoch into base, bound, current_epoch from log_state for update;
  if current_epoch <> my_epoch then
    raise exception 'the sequencer of epoch % was replaced by epoch %', my_epoch, current_epoch using errcode = 'TT001';
  end if;
  if base + most >= bound then
    bound := log_add_partition(greatest(1000000, most::bigint * 2));
  end if;
  return query
    with taken as (
      delete from event_inbox where id in (select id from event_inbox order by id limit most) returning *
    )
    insert into event_log (pos, event_id, topic, part, key, type, payload, headers, created_at)
    select base + row_number() over (order by id), event_id, topic, part, key, type, payload, headers, created_at
    from taken order by id
    returning event_log.*;
  get diagnostics moved = row_count;
  if moved > 0 then
    update log_state set pos = base + moved, beat_at = clock_timestamp();
  end if;
end $$;

-- One row a group and partition: the position up to which every event has had its effect, and who holds the lease.
create table log_groups (
  group_name    text collate "C" not null,
  part          smallint not null,
  pos           bigint not null,
  epoch         bigint not null default 0,
  worker        uuid,
  leased_until  timestamptz,
  rebuild       boolean not null default false,  -- fell days behind and was released; its state is to be rebuilt
  primary key (group_name, part)
) with (fillfactor = 50);

create table log_workers (
  worker    uuid primary key,
  groups    text[] not null,
  seen_at   timestamptz not null
);

-- Events that failed, and what queues behind them by key. `dead` rows wait for `tintype log dlq redrive`.
create table log_parked (
  group_name  text collate "C" not null,
  topic       text not null,
  part        smallint not null,
  key         bigint not null,
  pos         bigint not null,
  event_id    uuid not null,
  type        text not null,
  payload     bytea not null,
  headers     bytea,
  created_at  timestamptz not null,
  state       text not null check (state in ('retrying', 'queued', 'dead')),
  tries       smallint not null default 0,
  due_at      timestamptz,
  error       text,
  primary key (group_name, topic, key, pos)
);
create index log_parked_due on log_parked (group_name, part, due_at) where state = 'retrying';

create table idempotency_keys (
  account_id   bigint not null,
  operation    text collate "C" not null,
  key          text collate "C" not null,
  body_hash    bytea not null,
  status       smallint not null,
  resource_id  bigint,
  created_at   timestamptz not null default clock_timestamp(),
  primary key (account_id, operation, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

-- Windows of the limits that must outlive a restart of one process; lost in a crash of the database, which is fine.
create unlogged table rate_windows (
  subject   text collate "C" not null,
  rule      text collate "C" not null,
  starts_at timestamptz not null,
  used      integer not null,
  primary key (subject, rule, starts_at)
);
create index rate_windows_age on rate_windows (starts_at);
