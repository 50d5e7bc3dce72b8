/** Every operator of both languages, on values that compare, that do not, that are absent and that are malformed. */
import { testCondition } from '../suite/policy.ts'
import type { ConditionRow, Verdict } from '../suite/policy.ts'

/** An operator, in RAM's word and in CAM's. */
type Words = readonly [ram: string, cam: string]

/** A condition on the tag `env`, in both languages. */
function tag(
  [ramWord, camWord]: Words,
  values: readonly string[],
  env: string | undefined,
  is: Verdict,
): ConditionRow {
  return {
    name: `${ramWord} ${JSON.stringify(values)} of the tag ${JSON.stringify(env) ?? 'that is absent'}`,
    ram: { [ramWord]: { 'acs:ResourceTag/env': values } },
    cam: { [camWord]: { 'qcs:resource_tag': values.map((value) => `env&${value}`) } },
    given: env === undefined ? {} : { resourceTags: { env } },
    is,
  }
}

/** A number: a tag's value in RAM, the caller's uin in CAM, whose tags are pairs. */
function number(
  [ramWord, camWord]: Words,
  values: readonly (string | number)[],
  is: Verdict,
  seen = '8',
): ConditionRow {
  return {
    name: `${ramWord} ${JSON.stringify(values)} of ${seen}`,
    ram: { [ramWord]: { 'acs:ResourceTag/cores': values } },
    cam: { [camWord]: { 'qcs:uin': values } },
    given: { resourceTags: { cores: seen }, principal: seen },
    is,
  }
}

function date([ramWord, camWord]: Words, value: string, is: Verdict): ConditionRow {
  return {
    name: `${ramWord} ${value} at noon of 15 January`,
    ram: { [ramWord]: { 'acs:CurrentTime': value } },
    cam: { [camWord]: { 'qcs:current_time': value } },
    is,
  }
}

function address(
  [ramWord, camWord]: Words,
  values: unknown,
  sourceIp: string,
  is: Verdict,
): ConditionRow {
  return {
    name: `${ramWord} ${JSON.stringify(values)} from ${JSON.stringify(sourceIp)}`,
    ram: { [ramWord]: { 'acs:SourceIp': values } },
    cam: { [camWord]: { 'qcs:ip': values } },
    given: { sourceIp },
    is,
  }
}

const conditionRows: readonly ConditionRow[] = [
  tag(['StringEquals', 'string_equal'], ['prod'], 'prod', 'holds'),
  tag(['StringEquals', 'string_equal'], ['prod'], 'Prod', 'fails'),
  tag(['StringEquals', 'string_equal'], ['prod'], undefined, 'fails'),
  tag(['StringEquals', 'string_equal'], ['test', 'prod'], 'prod', 'holds'),
  tag(['StringEquals', 'string_equal'], ['pro*'], 'prod', 'fails'),
  tag(['StringNotEquals', 'string_not_equal'], ['prod'], 'test', 'holds'),
  tag(['StringNotEquals', 'string_not_equal'], ['prod'], 'prod', 'fails'),
  tag(['StringNotEquals', 'string_not_equal'], ['test', 'prod'], 'prod', 'fails'),
  tag(['StringNotEquals', 'string_not_equal'], ['prod'], undefined, 'unevaluable'),
  tag(['StringEqualsIgnoreCase', 'string_equal_ignore_case'], ['PROD'], 'prod', 'holds'),
  tag(['StringEqualsIgnoreCase', 'string_equal_ignore_case'], ['PROD'], 'test', 'fails'),
  tag(['StringNotEqualsIgnoreCase', 'string_not_equal_ignore_case'], ['PROD'], 'prod', 'fails'),
  tag(['StringNotEqualsIgnoreCase', 'string_not_equal_ignore_case'], ['PROD'], 'test', 'holds'),
  tag(
    ['StringNotEqualsIgnoreCase', 'string_not_equal_ignore_case'],
    ['PROD'],
    undefined,
    'unevaluable',
  ),
  tag(['StringLike', 'string_like'], ['pr*'], 'prod', 'holds'),
  tag(['StringLike', 'string_like'], ['pr?d'], 'prod', 'holds'),
  tag(['StringLike', 'string_like'], ['PR*'], 'prod', 'fails'),
  tag(['StringLike', 'string_like'], ['pr*'], undefined, 'fails'),
  tag(['StringNotLike', 'string_not_like'], ['pr*'], 'prod', 'fails'),
  tag(['StringNotLike', 'string_not_like'], ['pr*'], 'test', 'holds'),
  tag(['StringNotLike', 'string_not_like'], ['pr*'], undefined, 'unevaluable'),
  number(['NumericEquals', 'numeric_equal'], ['8.0'], 'holds'),
  number(['NumericEquals', 'numeric_equal'], [8], 'holds'),
  number(['NumericEquals', 'numeric_equal'], ['9', '8'], 'holds'),
  number(['NumericEquals', 'numeric_equal'], ['80'], 'fails'),
  number(['NumericEquals', 'numeric_equal'], ['8'], 'unevaluable', 'eight'),
  number(['NumericEquals', 'numeric_equal'], ['8'], 'unevaluable', '9007199254740993'),
  number(['NumericNotEquals', 'numeric_not_equal'], ['8'], 'fails'),
  number(['NumericNotEquals', 'numeric_not_equal'], ['9'], 'holds'),
  number(['NumericLessThan', 'numeric_less_than'], ['8'], 'fails'),
  number(['NumericLessThan', 'numeric_less_than'], ['10'], 'holds'),
  number(['NumericLessThanEquals', 'numeric_less_than_equal'], ['8'], 'holds'),
  number(['NumericLessThanEquals', 'numeric_less_than_equal'], ['-8'], 'fails'),
  number(['NumericGreaterThan', 'numeric_greater_than'], ['8'], 'fails'),
  number(['NumericGreaterThan', 'numeric_greater_than'], ['7.5'], 'holds'),
  number(['NumericGreaterThanEquals', 'numeric_greater_than_equal'], ['8'], 'holds'),
  number(['NumericGreaterThanEquals', 'numeric_greater_than_equal'], ['9'], 'fails'),
  date(['DateEquals', 'date_equal'], '2026-01-15T12:00:00Z', 'holds'),
  date(['DateEquals', 'date_equal'], '2026-01-15T20:00:00+08:00', 'holds'),
  date(['DateEquals', 'date_equal'], '2026-01-15T12:00:01Z', 'fails'),
  date(['DateNotEquals', 'date_not_equal'], '2026-01-15T12:00:00Z', 'fails'),
  date(['DateNotEquals', 'date_not_equal'], '2026-01-15T11:00:00Z', 'holds'),
  date(['DateLessThan', 'date_less_than'], '2026-01-15T12:00:00Z', 'fails'),
  date(['DateLessThan', 'date_less_than'], '2026-01-16T00:00:00Z', 'holds'),
  date(['DateLessThanEquals', 'date_less_than_equal'], '2026-01-15T12:00:00Z', 'holds'),
  date(['DateLessThanEquals', 'date_less_than_equal'], '2026-01-15T11:59:59Z', 'fails'),
  date(['DateGreaterThan', 'date_greater_than'], '2026-01-15T12:00:00Z', 'fails'),
  date(['DateGreaterThan', 'date_greater_than'], '2026-01-15T11:59:59.999Z', 'holds'),
  date(['DateGreaterThanEquals', 'date_greater_than_equal'], '2026-01-15T12:00:00Z', 'holds'),
  date(['DateGreaterThanEquals', 'date_greater_than_equal'], '2026-01-15T12:00:00-01:00', 'fails'),
  address(['IpAddress', 'ip_equal'], '10.0.0.0/8', '10.1.2.3', 'holds'),
  address(['IpAddress', 'ip_equal'], '10.0.0.0/8', '11.1.2.3', 'fails'),
  address(['IpAddress', 'ip_equal'], '10.1.2.3', '10.1.2.3', 'holds'),
  address(['IpAddress', 'ip_equal'], '10.1.2.3', '10.1.2.4', 'fails'),
  address(['IpAddress', 'ip_equal'], '10.1.2.200/24', '10.1.2.3', 'holds'),
  address(['IpAddress', 'ip_equal'], ['192.168.0.0/16', '10.1.0.0/16'], '10.1.2.3', 'holds'),
  address(['IpAddress', 'ip_equal'], '0.0.0.0/0', '10.1.2.3', 'holds'),
  address(['IpAddress', 'ip_equal'], '10.1.2.0/31', '10.1.2.2', 'fails'),
  address(['IpAddress', 'ip_equal'], '10.0.0.0/8', '::ffff:10.1.2.3', 'holds'),
  address(['IpAddress', 'ip_equal'], '2001:db8::/32', '2001:db8:1::5', 'holds'),
  address(['IpAddress', 'ip_equal'], '2001:db8::/32', '2001:db9::5', 'fails'),
  address(['IpAddress', 'ip_equal'], '2001:DB8::5', '2001:db8:0:0::5', 'holds'),
  address(['IpAddress', 'ip_equal'], '2001:db8::/32', '10.1.2.3', 'fails'),
  address(['IpAddress', 'ip_equal'], '10.0.0.0/8', '2001:db8::5', 'fails'),
  address(['IpAddress', 'ip_equal'], '10.0.0.0/8', 'unix', 'unevaluable'),
  address(['IpAddress', 'ip_equal'], '10.0.0.0/8', 'fe80::1%eth0', 'unevaluable'),
  address(['NotIpAddress', 'ip_not_equal'], '10.0.0.0/8', '10.1.2.3', 'fails'),
  address(['NotIpAddress', 'ip_not_equal'], '10.0.0.0/8', '11.1.2.3', 'holds'),
  address(
    ['NotIpAddress', 'ip_not_equal'],
    ['10.0.0.0/8', '2001:db8::/32'],
    '2001:db8::5',
    'fails',
  ),
  address(['NotIpAddress', 'ip_not_equal'], '10.0.0.0/8', 'garbage', 'unevaluable'),
]

for (const row of conditionRows) testCondition(row)
