-- The list of archived posts: while it is made, posts are written as ever. What an interrupted run left is made anew.

drop index concurrently if exists posts_archived;
create index concurrently posts_archived on posts (author_id, id desc) where status = 'archived' and deleted_at is null;
