-- A faster store in front of timelines may fail to hear of a write: what it held before then counts for nothing.

create table timeline_front (
  is_one  boolean primary key default true check (is_one),
  epoch   bigint not null default 1
);
insert into timeline_front default values;
