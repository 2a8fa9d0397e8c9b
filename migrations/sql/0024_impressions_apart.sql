-- Looked through while impressions come as ever. What an interrupted run left is used again.
select partition_promise('impressions', 'at', 'day');

select partition_promise_check('impressions');
