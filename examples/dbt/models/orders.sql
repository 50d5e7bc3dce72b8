{{ config(materialized='table', table_type='DUPLICATE', keys=['id'], distributed_by=['id'], buckets=2) }}
select id, customer, state, cast(price as decimal(10, 2)) as price, day
from {{ ref('sales') }}
