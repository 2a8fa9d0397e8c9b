-- Reactions of every kind, hashtags with counts, exploring.

select 1;
