-- Looked through while people react as ever. What an interrupted run left is used again.
select partition_promise('reactions', 'post_id', 'month');

select partition_promise_check('reactions');
