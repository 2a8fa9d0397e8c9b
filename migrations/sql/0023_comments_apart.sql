-- Looked through while people comment as ever. What an interrupted run left is used again.
select partition_promise('comments', 'id', 'quarter');

select partition_promise_check('comments');
