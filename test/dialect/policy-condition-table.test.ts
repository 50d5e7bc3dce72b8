/** How conditions combine, which facts of a request they can see, and what each language has of its own. */
import { testCondition } from '../suite/policy.ts'
import type { ConditionRow, Verdict } from '../suite/policy.ts'

const conditionRows: readonly ConditionRow[] = [
  {
    name: 'a key that this service never learns',
    ram: { StringEquals: { 'acs:SourceVpc': 'vpc-1' } },
    cam: { string_equal: { 'vpc:region': 'sh' } },
    is: 'unevaluable',
  },
  {
    name: 'two keys of one operator that both hold',
    ram: { StringEquals: { 'acs:ResourceTag/env': 'prod', 'acs:RequestTag/team': 'dw' } },
    cam: { string_equal: { 'qcs:resource_tag': 'env&prod', 'qcs:request_tag': 'team&dw' } },
    given: { resourceTags: { env: 'prod' }, requestTags: { team: 'dw' } },
    is: 'holds',
  },
  {
    name: 'two keys of one operator, one of which fails',
    ram: { StringEquals: { 'acs:ResourceTag/env': 'prod', 'acs:RequestTag/team': 'dw' } },
    cam: { string_equal: { 'qcs:resource_tag': 'env&prod', 'qcs:request_tag': 'team&dw' } },
    given: { resourceTags: { env: 'prod' }, requestTags: { team: 'bi' } },
    is: 'fails',
  },
  {
    name: 'two operators that both hold',
    ram: {
      IpAddress: { 'acs:SourceIp': '10.0.0.0/8' },
      DateLessThan: { 'acs:CurrentTime': '2027-01-01T00:00:00Z' },
    },
    cam: {
      ip_equal: { 'qcs:ip': '10.0.0.0/8' },
      date_less_than: { 'qcs:current_time': '2027-01-01T00:00:00Z' },
    },
    is: 'holds',
  },
  {
    name: 'two operators, one of which fails',
    ram: {
      IpAddress: { 'acs:SourceIp': '10.0.0.0/8' },
      DateLessThan: { 'acs:CurrentTime': '2025-01-01T00:00:00Z' },
    },
    cam: {
      ip_equal: { 'qcs:ip': '10.0.0.0/8' },
      date_less_than: { 'qcs:current_time': '2025-01-01T00:00:00Z' },
    },
    is: 'fails',
  },
  {
    name: 'two operators, one unevaluable and one that fails',
    ram: { StringEquals: { 'acs:SourceVpc': 'v' }, IpAddress: { 'acs:SourceIp': '11.0.0.0/8' } },
    cam: { string_equal: { 'vpc:region': 'v' }, ip_equal: { 'qcs:ip': '11.0.0.0/8' } },
    is: 'fails',
  },
  {
    name: 'two operators, one unevaluable and one that holds',
    ram: { StringEquals: { 'acs:SourceVpc': 'v' }, IpAddress: { 'acs:SourceIp': '10.0.0.0/8' } },
    cam: { string_equal: { 'vpc:region': 'v' }, ip_equal: { 'qcs:ip': '10.0.0.0/8' } },
    is: 'unevaluable',
  },
  { name: 'TLS, wanted and used', ram: { Bool: { 'acs:SecureTransport': true } }, is: 'holds' },
  {
    name: 'TLS, wanted and not used',
    ram: { Bool: { 'acs:SecureTransport': 'true' } },
    given: { secure: false },
    is: 'fails',
  },
  {
    name: 'no TLS, in capitals',
    ram: { Bool: { 'acs:SecureTransport': 'FALSE' } },
    given: { secure: false },
    is: 'holds',
  },
  {
    name: 'no second factor',
    ram: { Bool: { 'acs:MFAPresent': 'false' } },
    cam: { numeric_equal: { 'qcs:mfa': 0 } },
    is: 'holds',
  },
  {
    name: 'a second factor',
    ram: { Bool: { 'acs:MFAPresent': 'true' } },
    cam: { numeric_equal: { 'qcs:mfa': 1 } },
    given: { mfa: true },
    is: 'holds',
  },
  {
    name: 'a second factor that is missing',
    ram: { Bool: { 'acs:MFAPresent': 'true' } },
    cam: { numeric_equal: { 'qcs:mfa': 1 } },
    is: 'fails',
  },
  {
    name: 'Bool of a text',
    ram: { Bool: { 'acs:SourceIp': 'true' } },
    cam: { bool_equal: { 'qcs:ip': 'true' } },
    is: 'unevaluable',
  },
  {
    name: 'the caller by its name',
    ram: { StringLike: { 'acs:PrincipalArn': 'acs:ram:*:*:role/ops-*' } },
    given: { principal: 'acs:ram::1000000000000001:role/ops-night' },
    is: 'holds',
  },
  {
    name: 'a resource group',
    ram: { StringEquals: { 'acs:ResourceGroupId': 'rg-1' } },
    given: { resourceGroup: 'rg-1' },
    is: 'holds',
  },
  {
    name: 'no resource group',
    ram: { StringEquals: { 'acs:ResourceGroupId': 'rg-1' } },
    is: 'fails',
  },
  {
    name: 'a linked service',
    ram: { StringEquals: { 'ram:ServiceName': 'starrocks.aliyuncs.com' } },
    given: { linkedService: 'starrocks.aliyuncs.com' },
    is: 'holds',
  },
  {
    name: 'a tag whose key differs in case',
    ram: { StringEquals: { 'acs:ResourceTag/Env': 'prod' } },
    given: { resourceTags: { env: 'prod' } },
    is: 'fails',
  },
  {
    name: 'a tag whose key is a word of the platform',
    ram: { StringEquals: { 'acs:ResourceTag/__proto__': 'x' } },
    is: 'fails',
  },
  {
    name: 'a tag without a key',
    ram: { StringEquals: { 'acs:ResourceTag/': 'x' } },
    is: 'unevaluable',
  },
  { name: 'binary_equal', cam: { binary_equal: { 'qcs:uin': '100000000002' } }, is: 'holds' },
  {
    name: 'bool_equal of an absent key',
    cam: { bool_equal: { 'cvm:flag': true } },
    is: 'unevaluable',
  },
  {
    name: 'a key in another case, which CAM takes for another key',
    cam: { string_equal: { 'QCS:uin': '100000000002' } },
    is: 'unevaluable',
  },
  ...camTags('for_any_value:string_equal', ['a&1', 'b&2'], ['a', 'c'], 'holds'),
  ...camTags('for_any_value:string_equal', ['a&1', 'b&2'], ['c'], 'fails'),
  ...camTags('for_any_value:string_equal', ['a&1'], [], 'fails'),
  ...camTags('for_all_value:string_equal', ['a&1', 'b&1'], ['a', 'b'], 'holds'),
  ...camTags('for_all_value:string_equal', ['a&1', 'b&1'], ['a'], 'holds'),
  ...camTags('for_all_value:string_equal', ['a&1', 'b&1'], ['a', 'c'], 'fails'),
  ...camTags('for_all_value:string_equal', ['a&1'], [], 'unevaluable'),
  ...camTags('string_equal', ['a&1'], ['a', 'c'], 'holds'),
  ...camTags('string_not_equal', ['a&1'], ['a', 'c'], 'fails'),
  ...camTags('string_not_equal', ['a&1'], ['b', 'c'], 'holds'),
  ...camTags('for_any_value:string_not_equal', ['a&1'], ['a', 'c'], 'holds'),
  ...camTags('for_any_value:string_not_equal', ['a&1'], ['a'], 'fails'),
  ...camTags('for_all_value:string_not_equal', ['a&1'], ['a', 'c'], 'fails'),
  ...camTags('for_all_value:string_not_equal', ['a&1'], ['b', 'c'], 'holds'),
  ...camTags('for_any_value:string_like', ['a&*'], ['a', 'c'], 'holds'),
  ...camTags('for_all_value:string_like', ['a&*'], ['a', 'c'], 'fails'),
  ...camTags('string_equal_if_exist', ['a&1'], [], 'holds'),
  ...camTags('string_equal_if_exist', ['a&1'], ['b'], 'fails'),
  ...camTags('string_not_equal_if_exist', ['a&1'], [], 'holds'),
  ...camTags('for_all_value:string_equal_if_exist', ['a&1'], [], 'holds'),
  ...camTags('for_any_value:string_equal_if_exist', ['a&1'], ['b'], 'fails'),
  ...camTags('null_equal', ['true'], [], 'holds'),
  ...camTags('null_equal', ['true'], ['a'], 'fails'),
  ...camTags('null_equal', ['false'], ['a'], 'holds'),
  ...camTags('null_equal', ['false'], [], 'fails'),
  {
    name: 'an absent key with _if_exist that this service never learns',
    cam: { string_equal_if_exist: { 'vpc:region': 'sh' } },
    is: 'unevaluable',
  },
  {
    name: 'null_equal of a key that this service never learns',
    cam: { null_equal: { 'vpc:region': true } },
    is: 'unevaluable',
  },
]

function camTags(
  word: string,
  values: readonly string[],
  keys: readonly string[],
  is: Verdict,
): ConditionRow[] {
  return [
    {
      name: `${word} ${JSON.stringify(values)} of the tags ${JSON.stringify(keys)}`,
      cam: { [word]: { 'qcs:resource_tag': values } },
      given: { resourceTags: Object.fromEntries(keys.map((key) => [key, '1'])) },
      is,
    },
  ]
}

for (const row of conditionRows) testCondition(row)
