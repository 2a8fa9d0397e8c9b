-- Timelines in a store of their own: what orders writes to them, and which store it is that the floors speak of.

-- Drawn under the locks that timelines are written under: of two writes the one that was decided later has the higher.
create sequence timeline_versions;

create table timeline_store (
  is_one  boolean primary key default true check (is_one),
  name    text not null
);
insert into timeline_store (name) values ('postgres');
