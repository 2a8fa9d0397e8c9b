-- Unused uploads without avatars, and edits that no render shows yet. What an interrupted run left is made anew.

drop index concurrently if exists media_idle;
create index concurrently media_idle on media (created_at) where post_id is null and purge_at is null and purpose = 'post';
drop index concurrently if exists media_behind;
create index concurrently media_behind on media (edited_at) where status = 'ready' and render < edit_version;
drop index concurrently if exists media_unused;
