-- Video, uploads in parts, storage used.

select 1;
