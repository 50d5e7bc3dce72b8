import { test } from 'node:test'
import assert from 'node:assert/strict'
import { refusal } from '../../../support/translated-duck.ts'
import { sqlFunctionSuite } from '../../../suite/sql-function.ts'

const { holds, duck } = sqlFunctionSuite()

holds('fields of a date', [
  ["year('2024-03-05')", '2024', 'smallint'],
  ["quarter('2024-03-05')", '1', 'int'],
  ["month(DATE '2024-03-05')", '3', 'tinyint'],
  ["day('2024-03-05')", '5', 'tinyint'],
  ["hour('2024-03-05 06:07:08')", '6', 'tinyint'],
  ["minute('2024-03-05 06:07:08')", '7'],
  ["second('2024-03-05 06:07:08')", '8'],
  ["dayofweek('2024-01-07')", '1'],
  ["weekday('2024-01-07')", '6'],
  ["dayofweek_iso('2024-01-07')", '7'],
  ["dayofyear('2024-03-01')", '61'],
  ["weekofyear('2023-01-01')", '52'],
  ["week('2023-01-01')", '1'],
  ["week('2023-01-01', 3)", '52'],
  ["dayname('2024-01-01')", 'Monday'],
  ["monthname('2024-01-01')", 'January'],
  ["EXTRACT(YEAR FROM '2024-01-02')", '2024'],
])

holds('INTERVAL moves to a DATETIME and keeps within the month', [
  ["date_add('2024-01-31', INTERVAL 1 MONTH)", '2024-02-29 00:00:00', 'datetime'],
  ["date_sub('2024-03-31', INTERVAL 1 MONTH)", '2024-02-29 00:00:00'],
  ["DATE '2024-01-01' + INTERVAL 1 DAY", '2024-01-02 00:00:00', 'datetime'],
  ["'2024-01-01' - INTERVAL '1' HOUR", '2023-12-31 23:00:00'],
  ["INTERVAL 1 WEEK + DATE '2024-01-01'", '2024-01-08 00:00:00'],
  ["date_add('2024-01-01', INTERVAL -1 QUARTER)", '2023-10-01 00:00:00'],
  ["adddate('2024-01-01', 3)", '2024-01-04 00:00:00'],
  ["days_sub('2024-01-01', 1)", '2023-12-31 00:00:00'],
  ["timestampadd(HOUR, 2, '2024-01-01')", '2024-01-01 02:00:00'],
  ["milliseconds_add('2024-01-01', 1500)", '2024-01-01 00:00:01.5'],
  ["date_add('nonsense', INTERVAL 1 DAY)", null],
  ["date_add((SELECT '2024-01-01'), INTERVAL (SELECT 1) DAY)", '2024-01-02 00:00:00'],
  ["months_diff((SELECT '2024-03-01'), (SELECT '2024-01-01'))", '2'],
])

holds('differences count whole units', [
  ["datediff('2024-01-03', '2024-01-01 23:00:00')", '2', 'int'],
  ["timestampdiff(DAY, '2024-01-01 12:00:00', '2024-01-03 11:00:00')", '1', 'bigint'],
  ["timestampdiff(MONTH, '2024-01-31', '2024-02-29')", '0'],
  ["timestampdiff(MONTH, '2024-02-29', '2024-01-31')", '0'],
  ["months_diff('2024-03-31', '2024-01-31')", '2'],
  ["years_diff('2024-02-28', '2020-02-29')", '3'],
  ["weeks_diff('2024-01-15', '2024-01-01')", '2'],
  ["hours_diff('2024-01-01 01:59:59', '2024-01-01')", '1'],
  ["date_diff('minute', '2024-01-01 01:00:00', '2024-01-01')", '60'],
])

test('a unit that date_diff does not know is refused where there are rows', async () => {
  const text = "SELECT date_diff('age', a, a) FROM (SELECT now() AS a) t"
  await assert.rejects(duck().ask(text), /type column should be one of day/)
  assert.deepEqual((await duck().ask(`${text} WHERE a IS NULL`)).rows, [])
})

holds('differences count by day and time of day alone, as date_diff does not', [
  ["months_diff('2024-01-10', '2024-01-20')", '-1'],
  ["months_diff('2024-01-20', '2024-01-10')", '0'],
  ["years_diff('2024-03-01', '2024-05-01')", '-1'],
  ["years_diff('2020-02-29', '2024-02-28')", '-3'],
  ["months_diff('2017-02-28', '2016-02-29')", '11'],
  ["quarters_diff('2024-12-31', '2024-01-31')", '3'],
  ["date_diff('year', '2017-02-28', '2016-02-29')", '1', 'bigint'],
  ["date_diff('year', '2017-02-28', '2016-02-29 00:00:00.01')", '0'],
  ["date_diff('year', '2016-02-28', '2015-02-28 00:00:00.01')", '0'],
  ["date_diff('year', '2016-02-28', '2015-02-28')", '1'],
  ["date_diff('year', '2015-02-28', '2016-02-28')", '-1'],
  ["date_diff('month', '2017-02-28', '2016-02-29')", '12'],
  ["date_diff('month', '2017-02-28', '2016-02-29 00:00:00.01')", '11'],
  ["date_diff('month', '2017-02-28', '2016-02-28 00:00:00.001')", '12'],
  ["date_diff('month', '2016-06-30', '2016-04-30 00:00:00.01')", '1'],
  ["date_diff('month', '2016-06-30', '2016-05-30 00:00:00.01')", '1'],
  ["date_diff('month', '2016-02-28', '2016-01-28 00:00:00.01')", '0'],
  ["date_diff('month', '2016-01-28', '2016-02-28')", '-1'],
  ["date_diff('quarter', '2017-02-28', '2016-02-29')", '4'],
])

holds(
  'differences of NULL are NULL',
  ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'].flatMap(
    (unit) =>
      [
        "NULL, '2024-01-01'",
        "'2024-01-01', NULL",
        'NULL, NULL',
        "'nonsense', '2024-01-01'",
      ].flatMap((pair): [string, null][] => [
        [`${unit}s_diff(${pair})`, null],
        [`timestampdiff(${unit}, ${pair})`, null],
        [`date_diff('${unit}', ${pair})`, null],
      ]),
  ),
)

holds('a date outside of years 0 to 9999 is NULL', [
  ["date_add('9999-12-31', INTERVAL 1 DAY)", null, 'datetime'],
  ["date_add('9999-12-31', INTERVAL 1000000 YEAR)", null],
  ["DATE '9999-12-31' + INTERVAL 1 MONTH", null],
  ["date_sub('0000-01-01', INTERVAL 1 DAY)", null],
  ["months_add('9999-12-01', 1)", null],
  ["date_add('9999-12-30 23:59:59', INTERVAL 1 DAY)", '9999-12-31 23:59:59'],
  ['makedate(2023, 366)', null],
  ['makedate(2024, 366)', '2024-12-31'],
  ['makedate(2024, 0)', null],
  ['makedate(10000, 1)', null],
  ['makedate(NULL, 1)', null],
  ['from_days(99999999)', null],
  ["next_day('9999-12-31', 'Sun')", null],
  ["next_day('2024-01-01', NULL)", null, 'date'],
  ["previous_day('0000-01-01', 'Su')", null],
  ["time_slice('9999-12-31 23:59:59', INTERVAL 5 YEAR, CEIL)", null],
  ["time_slice('9999-12-31', INTERVAL 5 DAY, CEIL)", null],
  ["time_slice('2023-12-31 03:12:04', INTERVAL 2147483647 YEAR)", '0001-01-01 00:00:00'],
  ["time_slice('2023-12-31 03:12:04', INTERVAL 2147483647 DAY)", '0001-01-01 00:00:00'],
  ["time_slice('2023-12-31 03:12:04', INTERVAL 2147483647 SECOND)", '1974-06-25 21:49:23'],
  ['time_slice(CAST(NULL AS DATETIME), INTERVAL 5 YEAR)', null],
])

test('what StarRocks has no date for is an error', async () => {
  for (const [sql, message] of [
    [
      "time_slice('0000-01-01', INTERVAL 5 YEAR)",
      /time used with time_slice can't before 0001-01-01/,
    ],
    ["next_day('2023-04-05', 'Frid')", /Frid not supported in next_day dow_string/],
    ["next_day('2023-04-05', 'fr')", /fr not supported in next_day dow_string/],
  ] as const)
    await assert.rejects(async () => duck().value(sql), message)
})

holds('cutting and aligning', [
  ["date_trunc('month', '2024-03-05 01:02:03')", '2024-03-01 00:00:00', 'datetime'],
  [
    "date_trunc('millisecond', '2024-03-05 01:02:03.001002')",
    '2024-03-05 01:02:03.001',
    'datetime',
  ],
  [
    "date_trunc('microsecond', '2024-03-05 01:02:03.001002')",
    '2024-03-05 01:02:03.001002',
    'datetime',
  ],
  ["date_trunc('week', DATE '2024-03-07')", '2024-03-04', 'date'],
  ["last_day('2024-02-03')", '2024-02-29'],
  ["time_slice('2024-01-02 03:04:05', INTERVAL 5 MINUTE)", '2024-01-02 03:00:00'],
  ["time_slice('2024-01-02 03:04:05', INTERVAL 5 MINUTE, CEIL)", '2024-01-02 03:05:00'],
  ["date_slice('2024-02-20', INTERVAL 1 MONTH)", '2024-02-01', 'date'],
  ["next_day('2024-01-01', 'Mon')", '2024-01-08'],
  ["previous_day('2024-01-01', 'Monday')", '2023-12-25'],
  ["to_days('2024-01-01')", '739251'],
  ['from_days(739251)', '2024-01-01'],
  ['makedate(2024, 60)', '2024-02-29'],
  ["date('2024-01-02 03:04:05')", '2024-01-02', 'date'],
])

holds('formats use the letters of MySQL', [
  ["date_format('2009-10-04 22:23:00', '%W %M %Y')", 'Sunday October 2009'],
  ["date_format('2007-10-04 22:23:00', '%H:%i:%s')", '22:23:00'],
  ["date_format('2024-01-02 03:04:05', '%c/%e/%y %l:%i %p')", '1/2/24 3:04 AM'],
  ["date_format('2024-01-02 03:04:05', '%T|%r|%j|%%|%f')", '03:04:05|03:04:05 AM|002|%|000000'],
  ["date_format('2024-01-02', 'yyyyMMdd')", '20240102'],
  ["str_to_date('2024-01-02', '%Y-%m-%d')", '2024-01-02', 'date'],
  ["str_to_date('2024-01-02 03:04', '%Y-%m-%d %H:%i')", '2024-01-02 03:04:00', 'datetime'],
  ["str_to_date('10:10:10 2020-01-01', '%r %Y-%m-%d')", '2020-01-01 10:10:10', 'datetime'],
  ["str_to_date('10:10:10 PM 2020-01-01', '%r %Y-%m-%d')", '2020-01-01 22:10:10'],
  ["str_to_date('nonsense', '%Y-%m-%d')", null],
  ["str2date('2010-11-30 23:59:59', '%Y-%m-%d %H:%i:%s')", '2010-11-30', 'date'],
])

holds("the clock stands still within a statement and shows the session's zone", [
  ['now()', '2024-01-02 11:04:05', 'datetime'],
  ['now(3)', '2024-01-02 11:04:05.123'],
  ['current_timestamp', '2024-01-02 11:04:05'],
  ['curdate()', '2024-01-02', 'date'],
  ['utc_timestamp()', '2024-01-02 03:04:05'],
  ['unix_timestamp()', '1704164645', 'bigint'],
  ["unix_timestamp('2024-01-01 00:00:00')", '1704038400'],
  ["unix_timestamp('1960-01-01')", '0'],
  ['from_unixtime(0)', '1970-01-01 08:00:00', 'varchar(65533)'],
  ["from_unixtime(1704038400, '%Y%m%d')", '20240101'],
  ['from_unixtime(-1)', null],
  ["convert_tz('2024-01-01 00:00:00', 'Asia/Shanghai', 'America/New_York')", '2023-12-31 11:00:00'],
  ["convert_tz('2024-01-01 00:00:00', '+08:00', 'UTC')", '2023-12-31 16:00:00'],
  [
    "convert_tz('2024-01-01 00:00:00', concat('UTC', ''), concat('Asia/', 'Tokyo'))",
    '2024-01-01 09:00:00',
  ],
  ["convert_tz('2024-07-01 00:00:00', upper('cst'), concat('-03:30', ''))", '2024-06-30 12:30:00'],
  ["convert_tz('2024-01-01 00:00:00', concat('+08:00', ''), 'UTC')", '2023-12-31 16:00:00'],
  ["convert_tz('2024-01-01 00:00:00', concat('Nowhere/', 'Land'), 'UTC')", null],
  ["convert_tz('2024-01-01 00:00:00', concat('UTC', null), 'UTC')", null],
])

test('zones and units that cannot be honoured are refused', () => {
  assert.match(
    refusal("SELECT convert_tz('2024-01-01', 'Nowhere/At_All', 'UTC')").message,
    /incorrect time zone: 'Nowhere\/At_All'/,
  )
  assert.match(
    refusal("SELECT date_trunc('fortnight', '2024-01-01')").message,
    /can't support argument other than/,
  )
  assert.match(
    refusal("SELECT date_trunc(lower('DAY'), '2024-01-01')").message,
    /requires first parameter must be a string constant/,
  )
})

holds('last_day of a month, a quarter, a year', [
  ["last_day('2023-02-12', 'month')", '2023-02-28', 'date'],
  ["last_day('2023-05-10', 'quarter')", '2023-06-30'],
  ["last_day('2023-05-10', 'year')", '2023-12-31'],
  ["last_day(cast('2021-03-28 08:08:14' as datetime), concat('quar', 'ter'))", '2021-03-31'],
  ["last_day('2020-02-12')", '2020-02-29'],
  ["last_day(null, 'year')", null],
  ["last_day('2020-02-12', null)", null],
])

holds('weeks by each of the eight modes of MySQL', [
  ["yearweek('1900-01-01', 0)", '189953'],
  ["yearweek('1900-12-31', 4)", '190101'],
  ["yearweek('2000-12-31', 5)", '200052'],
  ["yearweek('2023-12-31', 2)", '202353'],
  ["yearweek('2000-12-31', 6)", '200101'],
  ["week('2000-01-01', 0)", '0'],
  ["week('2000-01-01', 2)", '52'],
  ["week('2008-02-20', 1)", '8'],
  ["week('2008-12-31', 1)", '53'],
  ["week('2008-12-31', 3)", '1'],
  ["week('2008-12-31', 1 + 2)", '1'],
  ["week('2008-12-31', 11)", '1'],
  ["week('2008-12-31', cast(null as int))", null],
  ["yearweek('2020-01-01')", '201952'],
  ['yearweek(-18446744073709551494)', null],
])

holds('date_format writes all letters of MySQL, and by a format of each row', [
  ["date_format('2020-01-02 13:04:05', '%X %V %u %D %j %q%%')", '2019 52 01 2nd 002 q%'],
  ["date_format('2020-01-11', '%D%')", '11th%'],
  ["date_format('2020-01-23', concat('%', 'D')) ", '23rd'],
  [
    "date_format('2020-01-02 13:04:05', concat('%Y-%m', '-%d %T %q %%%'))",
    '2020-01-02 13:04:05 q %%',
  ],
  ["date_format('2020-01-02', concat('yyyy', 'MMdd'))", '20200102'],
  ["date_format('2020-01-02', lower(''))", null],
  ["date_format('2020-01-02', cast(null as varchar))", null],
  ["date_format(null, concat('%', 'Y'))", null],
])

holds('patterns of Joda and of Teradata', [
  [
    `jodatime_format('2023-04-15 23:45:12', "yyyy-MM-dd'T'HH:mm:ssZZ")`,
    '2023-04-15T23:45:12+08:00',
  ],
  [`jodatime_format('2023-04-15 15:30:00', 'yy-M-d hh:mm:ssa')`, '23-4-15 03:30:00PM'],
  [`jodatime_format('2023-12-25', "YYYY-'W'ww-e")`, '2023-W52-1'],
  [`jodatime_format('2023-08-03', 'MMM dd 100%')`, 'Aug 03 100%'],
  [`jodatime_format('2023-04-15', 'HH:mm:ss==a--b==cc--aa')`, '00:00:00==AM--b==cc--AM'],
  [`jodatime_format('2023-01-01 00:00:00.038000', 'ss.SSSSS')`, '00.03800'],
  [`jodatime_format('2023-02-29', 'yyyy')`, null],
  [`str_to_jodatime('2024-04-01 05', 'yyyy-MM-dd HH')`, '2024-04-01 05:00:00', 'datetime'],
  [`to_tera_date('2020-02-02 00:00:00', 'yyyy-mm-dd')`, '2020-02-02', 'date'],
  [`to_tera_date('04.1988,08', 'mm.yyyy,dd')`, '1988-04-08'],
  [`to_tera_date('1988/04/08', 'yy/mm/dd')`, null],
  [`to_tera_timestamp('1988/04/08 02 pm:3:4', 'yyyy/mm/dd hh pm:mi:ss')`, '1988-04-08 14:03:04'],
  [`to_tera_timestamp('1988/04/08 02 pm:3:4', 'yyyy/mm/dd hh am:mi:ss')`, null],
  [`to_tera_timestamp('1988/04/08 02 am:3:4', 'yyyy/mm/dd hh am:mi:ss')`, '1988-04-08 02:03:04'],
  [`to_tera_timestamp('1988/04/08 14', 'yyyy/mm/dd hh24')`, '1988-04-08 14:00:00'],
  [`to_tera_timestamp(NULL, NULL)`, null],
  ['from_unixtime_ms(1609430400999)', '2021-01-01 00:00:00'],
])

holds('date_diff takes its unit from a value as well', [
  ["date_diff(lower('YEAR'), '2017-02-28', '2016-02-29')", '1'],
  ["date_diff(concat('mon', 'th'), '2017-02-28', '2016-02-28')", '12'],
  ["date_diff('DAY', '2017-03-01', '2017-02-28')", '1'],
  ["date_diff(NULL, '2016-03-01', '2016-02-27')", null],
])

holds('a weekday may come from a column; a date of more than 128 bytes is NULL', [
  ["next_day('2023-04-05', concat('T', 'ue'))", '2023-04-11'],
  ["previous_day('2023-04-05', if(true, 'Sunday', 'x'))", '2023-04-02'],
  ["next_day('2023-04-05', cast(null as varchar))", null],
  [
    "length(date_format('2023-04-05', repeat_120))".replace('repeat_120', `'${'x'.repeat(128)}'`),
    '128',
  ],
  [`date_format('2023-04-05', '${'x'.repeat(129)}')`, null],
])
