-- How a table becomes a partitioned one while it is in use, and how its partitions are made and dropped.

-- The smallest id of a moment: `id_time` the other way round.
create or replace function id_at(moment timestamptz) returns bigint language sql immutable parallel safe as $$
  select floor(extract(epoch from moment - timestamptz '2010-01-01 00:00:00+00') * 1000)::bigint << 22
$$;

-- The partitions of a table with the moment that each ends at; the one for the rest has no end.
create or replace function partitions_of(parent text) returns table (name text, until timestamptz)
language sql stable as $$
  select name, case when high ~ '^[0-9]+$' then id_time(high::bigint) else high::timestamptz end
  from (
    select c.relname::text as name, substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \(''([^'']+)''\)') as high
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = parent::regclass
  ) bounds
$$;

-- The column that a table is partitioned by, and a moment as a value of it: an id or the moment itself.
create or replace function partition_key(parent text, moment timestamptz, out key text, out bound text)
language sql stable set timezone = 'UTC' as $$
  select a.attname::text, case when a.atttypid = 'bigint'::regtype then id_at(moment)::text else moment::text end
  from pg_partitioned_table p join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
  where p.partrelid = parent::regclass
$$;

-- How wide a range of one unit is.
create or replace function partition_step(unit text) returns interval language sql immutable as $$
  select case unit when 'quarter' then interval '3 months' else ('1 ' || unit)::interval end
$$;

-- A copy of an empty shell: columns and defaults of a table, and the storage settings of a partition of it.
create or replace function partition_shell(name text, parent text, like_partition text) returns void
language plpgsql as $$
declare
  settings text := (
    select ' with (' || array_to_string(reloptions, ', ') || ')' from pg_class where oid = like_partition::regclass
  );
begin
  execute format('create table %I (like %I including all excluding indexes)', name, parent) || coalesce(settings, '');
end $$;

-- First of two steps, each in a transaction of its own: promise that no row lies beyond a bound a month away, so that
-- nothing has to be looked through while the table is locked. An empty table needs no promise.
-- A clock may have run ahead, so the newest id is asked as well as the time.
create or replace function partition_promise(child text, key text, unit text) returns void
language plpgsql set timezone = 'UTC' as $$
declare
  is_id boolean := (
    select atttypid = 'bigint'::regtype from pg_attribute where attrelid = child::regclass and attname = key
  );
  newest timestamptz := (select id_time((max(high_water) << 22)) from id_nodes);
  bound timestamptz := date_trunc(unit, greatest(now(), newest) + interval '31 days') + partition_step(unit);
  there text := (
    select substring(pg_get_constraintdef(oid) from '''([^'']+)''') from pg_constraint
    where conrelid = child::regclass and conname = 'partition_promise'
  );
  rows_there boolean;
begin
  if there is not null then
    if (case when is_id then id_time(there::bigint) else there::timestamptz end) > now() + interval '21 days' then
      return;  -- of a migration that was interrupted
    end if;
    execute format('alter table %I drop constraint partition_promise', child);
  end if;
  execute format('select exists (select from %I)', child) into rows_there;
  if rows_there then
    execute format(
      'alter table %I add constraint partition_promise check (%I < %L) not valid',
      child, key, case when is_id then id_at(bound)::text else bound::text end
    );
  end if;
end $$;

create or replace function partition_promise_check(child text) returns void language plpgsql as $$
begin
  if exists (
    select from pg_constraint
    where conrelid = child::regclass and conname = 'partition_promise' and not convalidated
  ) then
    execute format('alter table %I validate constraint partition_promise', child);
  end if;
end $$;

-- Second step: the table that was there, renamed to NAME_before, becomes the partition of everything before the promised
-- bound, or before this unit of time where it is empty; NAME_rest is for what lies in no range.
create or replace function partition_first(parent text, unit text) returns void
language plpgsql set timezone = 'UTC' as $$
declare
  child text := parent || '_before';
  promised text := (
    select substring(pg_get_constraintdef(oid) from '''([^'']+)''') from pg_constraint
    where conrelid = child::regclass and conname = 'partition_promise'
  );
  rows_there boolean;
  start timestamptz := date_trunc(unit, now());
  given record;
begin
  execute format('select exists (select from %I)', child) into rows_there;
  if rows_there and promised is null then  -- the first of them came this moment
    start := date_trunc(unit, now() + interval '31 days') + partition_step(unit);
  end if;
  execute format(
    'alter table %I attach partition %I for values from (minvalue) to (%L)',
    parent, child, coalesce(promised, (partition_key(parent, start)).bound)
  );
  execute format('alter table %I drop constraint if exists partition_promise', child);
  perform partition_shell(parent || '_rest', parent, child);
  execute format('alter table %I attach partition %I default', parent, parent || '_rest');
  for given in
    select a.privilege_type as act, case a.grantee when 0 then 'public' else a.grantee::regrole::text end as who
    from pg_class c cross join lateral aclexplode(c.relacl) a where c.oid = child::regclass and a.grantee <> c.relowner
  loop
    execute format('grant %s on %I to %s', given.act, parent, given.who);
  end loop;
end $$;

-- Makes some of the ranges that are missing, one unit of time each, from one moment to another; returns the partitions.
-- None where somebody else is at it. Rows that came while there was no range for them move from NAME_rest into it,
-- unless they are more than can be moved at once: those stay, and are found, where they are.
-- It waits for locks less long than PostgreSQL takes to look for a deadlock, so that it is never others who give way.
create or replace function partitions_make(parent text, unit text, since timestamptz, until timestamptz)
returns setof text
language plpgsql set timezone = 'UTC' set lock_timeout = '300ms' as $$
declare
  most constant bigint := 100000;
  left_to_make integer := 12;
  rest text := parent || '_rest';
  low_at timestamptz; high_at timestamptz;
  low record; high record;
  name text;
  held bigint;
begin
  if not pg_try_advisory_xact_lock(x'71170021'::int, hashtext(parent)) then
    return;
  end if;
  select greatest(max(p.until), date_trunc(unit, since)) into low_at from partitions_of(parent) p;
  while low_at < until and left_to_make > 0 loop
    high_at := date_trunc(unit, low_at) + partition_step(unit);
    select * into low from partition_key(parent, low_at);
    select * into high from partition_key(parent, high_at);
    name := parent || to_char(low_at, case unit when 'day' then '_YYYY_MM_DD' else '_YYYY_MM' end);
    execute format('lock table only %I in share row exclusive mode', parent);
    execute format(
      'select count(*) from (select from %1$I where %2$I >= %3$L and %2$I < %4$L limit %5$s) some_of_them',
      rest, low.key, low.bound, high.bound, most + 1
    ) into held;
    if held <= most then
      perform partition_shell(name, parent, rest);
      if held > 0 then
        execute format(
          'with moved as (delete from %1$I where %2$I >= %3$L and %2$I < %4$L returning *) '
            'insert into %5$I select * from moved',
          rest, low.key, low.bound, high.bound, name
        );
      end if;
      execute format(
        'alter table %I attach partition %I for values from (%L) to (%L)', parent, name, low.bound, high.bound
      );
      left_to_make := left_to_make - 1;
      return next name;
    end if;
    low_at := high_at;
  end loop;
end $$;

-- Drops the partitions that end at or before a moment, and returns them.
create or replace function partitions_drop(parent text, before timestamptz) returns setof text
language plpgsql set lock_timeout = '300ms' as $$
declare
  name text;
begin
  if not pg_try_advisory_xact_lock(x'71170021'::int, hashtext(parent)) then
    return;
  end if;
  for name in select p.name from partitions_of(parent) p where p.until <= before order by p.until loop
    execute format('drop table %I', name);
    return next name;
  end loop;
end $$;

-- Deletes some rows of before a moment from what is no range of one unit, NAME_before and NAME_rest; returns how many.
create or replace function partitions_trim(parent text, before timestamptz) returns bigint language plpgsql as $$
declare
  oldest record;
  name text;
  gone bigint;
  all_gone bigint := 0;
begin
  select * into oldest from partition_key(parent, before);
  foreach name in array array[parent || '_before', parent || '_rest'] loop
    if to_regclass(quote_ident(name)) is not null then
      execute format(
        'delete from %1$I where ctid = any(array(select ctid from %1$I where %2$I < %3$L limit 20000))',
        name, oldest.key, oldest.bound
      );
      get diagnostics gone = row_count;
      all_gone := all_gone + gone;
    end if;
  end loop;
  return all_gone;
end $$;
