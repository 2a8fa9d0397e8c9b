-- Impressions in ranges of the moment they were seen, a day each, which is dropped when it is a month old.
-- The version before forgets old ones by their place in the table (ctid), which is one place in each partition. Where
-- there are any, all that it could meet are in one partition for another month.

set local lock_timeout = '300ms';

alter table impressions rename to impressions_before;
alter index impressions_pkey rename to impressions_before_pkey;
alter index impressions_at rename to impressions_before_at;

create table impressions (like impressions_before including defaults, primary key (user_id, at, post_id))
partition by range (at);
create index impressions_at on impressions (at);

select partition_first('impressions', 'day');
select partitions_make('impressions', 'day', now(), now() + interval '7 days');
