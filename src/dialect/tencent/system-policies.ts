/**
 * The preset policies that exist in every account (reference: tencent-emr.md 6.8). The reference names the presets without
 * their content; what each grants here follows its name, and the read-only ones list EMR's own reading verbs.
 *
 * They are texts in the policy language, read like any other policy, so what a user sees is what is evaluated.
 */
import type { Policy } from '../../domain/policy.ts'
import { parsePolicy } from './policy-language.ts'

export interface SystemPolicy {
  readonly name: string
  readonly description: string
  readonly text: string
  readonly policy: Policy
}

/** EMR's reading verbs: Describe…, and price inquiries in both spellings that its actions have. */
const clusterReads = ['emr:Describe*', 'emr:Inquiry*', 'emr:Inquire*', 'emr:Get*', 'emr:List*']

export const systemPolicies: ReadonlyMap<string, SystemPolicy> = collect([
  system('AdministratorAccess', 'Everything, on every product.', ['*']),
  system('ReadOnlyAccess', 'Looking at every product, changing nothing.', [
    ...clusterReads,
    '*:Describe*',
    '*:Get*',
    '*:List*',
    '*:Inquiry*',
  ]),
  system('QcloudEMRFullAccess', 'Everything that EMR offers.', ['emr:*']),
  system('QcloudEMRReadOnlyAccess', 'Looking at EMR clusters, changing nothing.', clusterReads),
  system('QcloudCVMFinanceAccess', 'Paying for servers.', ['finance:*'], 'qcs::cvm:::*'),
  system('QcloudCamRoleFullAccess', 'Everything about roles.', [
    'cam:*Role*',
    'cam:ListPolicies',
    'cam:GetPolicy',
  ]),
  system('QcloudCamSubaccountsAuthorizeRoleFullAccess', 'Granting service roles.', [
    'cam:CreateRole',
    'cam:GetRole',
    'cam:AttachRolePolicy',
    'cam:PassRole',
  ]),
])

function system(
  name: string,
  description: string,
  action: readonly string[],
  resource = '*',
): SystemPolicy {
  const statement = [{ effect: 'allow', action, resource: [resource] }]
  const text = JSON.stringify({ version: '2.0', statement })
  return { name, description, text, policy: parsePolicy(name, text) }
}

function collect(policies: readonly SystemPolicy[]): ReadonlyMap<string, SystemPolicy> {
  return new Map(policies.map((policy) => [policy.name, policy]))
}
