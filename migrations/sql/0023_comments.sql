-- Comments in ranges of their id, a quarter of a year each (docs/decisions/0017).

set local lock_timeout = '300ms';

-- As it is: who reads through the view locks it first and the table second, and so does this.
create or replace view live_comments as select * from comments where deleted_at is null;

alter table comments rename to comments_before;
alter index comments_pkey rename to comments_before_pkey;
alter index comments_id rename to comments_before_id;
alter index comments_top rename to comments_before_top;
alter index comments_replies rename to comments_before_replies;
alter index comments_author rename to comments_before_author;
alter index comments_deleted rename to comments_before_deleted;

create table comments (like comments_before including defaults, primary key (post_id, id)) partition by range (id);
create unique index comments_id on comments (id);
create index comments_top on comments (post_id, id) where parent_id is null;
create index comments_replies on comments (parent_id, id) where parent_id is not null;
create index comments_author on comments (author_id, id);
create index comments_deleted on comments (deleted_at) where deleted_at is not null;
create or replace view live_comments as select * from comments where deleted_at is null;

select partition_first('comments', 'quarter');
select partitions_make('comments', 'quarter', now(), now() + interval '92 days');
