-- Reactions in ranges of their post's id, a month each (docs/decisions/0017).
-- The version before has the same table under the same name. Who waits for a lock here gives up before PostgreSQL looks
-- for a deadlock, which could fail somebody else's request, and is tried again.

set local lock_timeout = '300ms';

alter table reactions rename to reactions_before;
alter index reactions_pkey rename to reactions_before_pkey;
alter index reactions_newest rename to reactions_before_newest;

create table reactions (like reactions_before including defaults, primary key (user_id, post_id))
partition by range (post_id);
create index reactions_newest on reactions (post_id, reaction_id desc) include (reaction, user_id) where reaction is not null;

select partition_first('reactions', 'month');
select partitions_make('reactions', 'month', now(), now() + interval '92 days');
