-- Mail, second factors, providers, deactivation and deletion.

select 1;
