/**
 * The system policies that exist in every account (reference: alibaba-starrocks.md 8.3, which lists what the product's own
 * two grant; RAM page "AliyunEMRStarRocksFullAccess" for the two roles). ReadOnlyAccess is the general one, by verb. The last
 * two belong to the service's own roles; the reference names the families of what they grant, not each action.
 *
 * They are texts in the policy language, read like any other policy, so what a user sees is what is evaluated.
 */
import type { Policy } from '../../../domain/policy.ts'
import { parsePolicy } from './policy-language.ts'

export interface SystemPolicy {
  readonly name: string
  readonly description: string
  readonly text: string
  readonly policy: Policy
}

const networkReads = ['vpc:DescribeVpcs', 'vpc:DescribeVSwitches']

const monitoring = [
  'cms:Describe*',
  'cms:EnableActiveMetricRule',
  'cms:DisableActiveMetricRule',
  'cms:PutResourceMetricRules',
]

const linkedRole = 'acs:ram:*:*:role/AliyunServiceRoleForEMRStarRocks'

export const systemPolicies: ReadonlyMap<string, SystemPolicy> = collect([
  system('AdministratorAccess', 'Everything, on every product.', [allow(['*'])]),
  system('ReadOnlyAccess', 'Looking at every product, changing nothing.', [
    allow(['*:Describe*', '*:List*', '*:Get*', '*:Query*', '*:BatchGet*', '*:BatchQuery*']),
  ]),
  system('AliyunEMRStarRocksFullAccess', 'Everything that Serverless StarRocks offers or needs.', [
    allow(['sr:*']),
    allow([...networkReads, 'vpc:DescribeVSwitchAttributes', 'vpc:DescribeVpcAttribute']),
    allow(monitoring),
    allow(['bss:DescribeInstances', 'bssapi:SetRenewal']),
    {
      ...allow(['ram:CreateServiceLinkedRole']),
      Condition: { StringEquals: { 'ram:ServiceName': 'starrocks.aliyuncs.com' } },
    },
    allow(
      ['ram:CreateRole', 'ram:AttachPolicyToRole', 'ram:GetRole'],
      ['acs:ram:*:*:role/AliyunEMRStarRocksAccessingOSSRole', linkedRole],
    ),
  ]),
  system('AliyunEMRStarRocksReadOnlyAccess', 'Looking at Serverless StarRocks, changing nothing.', [
    allow(['sr:Query*', 'sr:Describe*', 'sr:CheckInventory', 'sr:List*', 'sr:Get*', 'sr:HasRole']),
    allow([...networkReads, 'vpc:DescribeVSwitchAttributes', 'vpc:DescribeVpcAttribute']),
    allow(['bss:DescribeInstances']),
    allow(['ram:GetRole'], [linkedRole]),
  ]),
  system('AliyunServiceRolePolicyForEMRStarRocks', 'What the service needs to run instances.', [
    allow(['ecs:RunInstances', 'ecs:DeleteInstances', 'ecs:DescribeInstances']),
    allow(['ecs:*NetworkInterface*', 'ecs:*SecurityGroup*']),
    allow(networkReads),
  ]),
  system('AliyunEMRStarRocksAccessingOSSRolePolicy', 'What an instance needs of object storage.', [
    allow(['oss:GetObject', 'oss:PutObject', 'oss:DeleteObject', 'oss:ListObjects']),
    allow(['oss:GetBucket*', 'oss:ListBuckets']),
  ]),
])

interface StatementText {
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

function allow(Action: readonly string[], Resource: readonly string[] = ['*']): StatementText {
  return { Effect: 'Allow', Action, Resource }
}

function system(
  name: string,
  description: string,
  Statement: readonly StatementText[],
): SystemPolicy {
  const text = JSON.stringify({ Version: '1', Statement })
  return { name, description, text, policy: parsePolicy(name, text) }
}

function collect(policies: readonly SystemPolicy[]): ReadonlyMap<string, SystemPolicy> {
  return new Map(policies.map((policy) => [policy.name, policy]))
}
