"""What the relay and the workers of RabbitMQ tell the rows of jobs."""

TAKE = """
-- jobs: what is due goes to the broker, of each name so many as there is room for
with recursive names (name) as (
  select min(entrypoint) from pgqueuer where status = 'queued'
  union all
  select (select min(entrypoint) from pgqueuer where status = 'queued' and entrypoint > name)
  from names where name is not null
), due as (
  select one.id from names cross join lateral (
    select id from pgqueuer
    where entrypoint = name and status = 'queued' and execute_after <= now()
    order by priority desc, id
    limit greatest(coalesce(($2::jsonb ->> name)::int, $1::int)
      - (select count(*) from pgqueuer where entrypoint = name and status = 'picked'), 0)
    for update skip locked
  ) one where name is not null
)
update pgqueuer q set status = 'picked', queue_manager_id = null, heartbeat = now(), updated = now()
from due where q.id = due.id returning q.id, q.entrypoint
"""

PUT_BACK = """
-- jobs: the broker has not taken these
update pgqueuer set status = 'queued', updated = now()
where id = any($1::bigint[]) and status = 'picked' and queue_manager_id is null
"""

TAKE_BACK = """
-- jobs: those whose worker gives no sign of life; that is one try
update pgqueuer set status = (case when attempts >= $2::int then 'failed' else 'queued' end)::pgqueuer_status,
  attempts = attempts + 1, queue_manager_id = null, updated = now()
where status = 'picked' and queue_manager_id is not null and heartbeat < now() - $1::interval returning id
"""

OVERDUE = """
-- jobs: names of which something was handed over a while ago that nobody has claimed
select distinct entrypoint from pgqueuer
where status = 'picked' and queue_manager_id is null and heartbeat < now() - $1::interval
"""

HAND_OVER_AGAIN = """
-- jobs: the broker has none of these any more
update pgqueuer set status = 'queued', updated = now()
where entrypoint = $1 and status = 'picked' and queue_manager_id is null and heartbeat < now() - $2::interval
"""

CLAIM = """
-- jobs: one that came from the broker, unless it is done, or another's who lives
update pgqueuer set status = 'picked', queue_manager_id = $2, heartbeat = now(), updated = now()
where id = $1 and (status = 'picked' and (queue_manager_id is null or heartbeat < now() - $3::interval))
returning payload, attempts
"""

ALIVE = """
-- jobs: these are under way
update pgqueuer set heartbeat = now() where id = any($1::bigint[]) and queue_manager_id = $2
"""

DONE = """
-- jobs: one that is done
delete from pgqueuer where id = $1 and queue_manager_id = $2
"""

FAILED = """
-- jobs: one that went wrong is tried again later, or given up
update pgqueuer set status = (case when attempts >= $3::int then 'failed' else 'queued' end)::pgqueuer_status,
  attempts = attempts + 1, execute_after = now() + $4::interval, queue_manager_id = null, updated = now()
where id = $1 and queue_manager_id = $2 returning status::text
"""

WAITS = """
-- jobs: one that an engine did not answer comes again, and that was no try
update pgqueuer set status = 'queued', execute_after = now() + $3::interval, queue_manager_id = null, updated = now()
where id = $1 and queue_manager_id = $2
"""

GIVE_BACK = """
-- jobs: those that this worker leaves undone
update pgqueuer set status = 'queued', queue_manager_id = null, updated = now()
where id = any($1::bigint[]) and queue_manager_id = $2
"""
