-- Editing, saving, sharing and pinning posts.

select 1;
