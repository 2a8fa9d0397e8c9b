-- Hashtags with counts, what is found by exploring, and suggestions that somebody does not want.

create table hashtag_counts (
  tag    text collate "C" primary key,
  posts  integer not null default 0                  -- published, of public accounts
) with (fillfactor = 70);

with counted as (
  update post_hashtags h set counted = true, feed_id = p.feed_id
  from live_posts p join live_accounts a on a.id = p.author_id
  where p.id = h.post_id and p.status = 'published' and not a.is_private and not h.counted
  returning h.tag
)
insert into hashtag_counts (tag, posts) select tag, count(*) from counted group by tag;

-- Published posts of public accounts by how much is done with them. Heat is in millionths of a half-life since 2010:
-- it changes with acts alone, not with time.
create table explore_posts (
  post_id    bigint primary key,
  author_id  bigint not null,
  feed_id    bigint not null,
  heat       bigint not null,
  half_life  real not null                           -- in hours, that heat was reckoned with; another is reckoned anew
) with (fillfactor = 80);
create index explore_posts_heat on explore_posts (heat desc, post_id desc);
create index explore_posts_author on explore_posts (author_id);

insert into explore_posts (post_id, author_id, feed_id, heat, half_life)
select p.id, p.author_id, p.feed_id, 0, 0
from live_posts p join live_accounts a on a.id = p.author_id
where p.status = 'published' and p.feed_id is not null and not a.is_private;

create table suggestions_dismissed (
  account_id    bigint not null,
  dismissed_id  bigint not null,
  created_at    timestamptz not null default clock_timestamp(),
  primary key (account_id, dismissed_id)
);
