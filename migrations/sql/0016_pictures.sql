-- Edits of pictures, avatars.

select 1;
