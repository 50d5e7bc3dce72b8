/**
 * The preset policies that exist in every account (reference: tencent-emr.md 6.8). The reference names the presets without
 * their content; what each grants here follows its name, by the verbs that actions begin with. Presets of products that are not
 * spoken here (payment, roles) are absent: nothing would ever ask them.
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

/** EMR's reading verbs: Describe…, and price inquiries in both spellings that its actions have. */
const clusterReads = ['emr:Describe*', 'emr:Inquiry*', 'emr:Inquire*']

export const systemPolicies: ReadonlyMap<string, SystemPolicy> = collect([
  system('AdministratorAccess', 'Everything, on every product.', ['*']),
  system('ReadOnlyAccess', 'Looking at every product, changing nothing.', [
    '*:Describe*',
    '*:Get*',
    '*:List*',
    '*:Inquiry*',
    '*:Inquire*',
  ]),
  system('QcloudEMRFullAccess', 'Everything that EMR offers.', ['emr:*']),
  system('QcloudEMRReadOnlyAccess', 'Looking at EMR clusters, changing nothing.', clusterReads),
  system('QcloudTAGFullAccess', 'Everything that the tag service offers.', ['tag:*']),
  system('QcloudTAGReadOnlyAccess', 'Looking at tags, changing none.', [
    'tag:Describe*',
    'tag:Get*',
  ]),
  system('QcloudAccessForEMRRole', 'What the service needs to run clusters.', [
    'cvm:*',
    'vpc:*',
    'cdb:*',
    'tag:*',
    'finance:*',
  ]),
  system(
    'QcloudAccessForEMRRoleInApplicationDataAccess',
    'What a cluster needs of object storage.',
    ['cos:*'],
  ),
])

function system(name: string, description: string, action: readonly string[]): SystemPolicy {
  const statement = [{ effect: 'allow', action, resource: ['*'] }]
  const text = JSON.stringify({ version: '2.0', statement })
  return { name, description, text, policy: parsePolicy(name, text) }
}

function collect(policies: readonly SystemPolicy[]): ReadonlyMap<string, SystemPolicy> {
  return new Map(policies.map((policy) => [policy.name, policy]))
}
