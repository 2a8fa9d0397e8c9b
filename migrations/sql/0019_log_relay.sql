-- How far the log has been handed to a broker. One row, made by the first relay; `epoch` fences those before the present.

create table log_relay (
  one_row  boolean primary key default true check (one_row),
  pos      bigint not null,                      -- every event up to here has been acknowledged by the broker
  epoch    bigint not null default 0
) with (fillfactor = 50);
