{{ config(materialized='view') }}
select day, count(*) as orders, sum(price) as revenue
from {{ ref('orders') }}
where state = 'paid'
group by day
