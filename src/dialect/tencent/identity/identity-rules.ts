/**
 * What CAM prescribes of accounts, users, keys, roles and sessions (CAM document "Use Limits" for the numbers; CAM API
 * AddUser, CreateRole, CreatePolicy for the names; STS API AssumeRole for sessions; reference: tencent-emr.md 2.1 and 2.7
 * for the roles of the service, 6.2 for the shape of keys).
 */
import type { IdentityRules } from '../../../domain/account.ts'
import { parsePolicy } from './policy-language.ts'
import { systemPolicies } from './system-policies.ts'
import { parseTrust, trustAccount, trustService } from './trust-policy.ts'

const MINUTE_MS = 60_000
const SERVICE = 'emr.cloud.tencent.com'

const nameRule = (pattern: RegExp, length: string) => ({
  pattern,
  rule: `must have ${length} letters, digits or characters of +=,.@_-`,
})

export const identityRules: IdentityRules = {
  dialect: 'tencent',
  accountNumber: { pattern: /^[1-9]\d{8,11}$/, rule: 'must have 9 to 12 digits' },
  tenantNumber: { pattern: /^[1-9]\d{9}$/, rule: 'must have 10 digits' },
  names: {
    user: nameRule(/^[\w+=,.@-]{1,64}$/, '1 to 64'),
    role: nameRule(/^[\w+=,.@-]{1,128}$/, '1 to 128'),
    policy: nameRule(/^[\w+=,.@-]{1,128}$/, '1 to 128'),
    session: nameRule(/^[\w+=,.@-]{2,128}$/, '2 to 128'),
  },
  limits: {
    users: 1000,
    roles: 1000,
    policies: 1500,
    keysPerUser: 2,
    systemPoliciesPerPrincipal: 200,
    customPoliciesPerPrincipal: 200,
  },
  // The API states a default of two hours and a maximum of twelve, and no minimum; a session of no length is none.
  sessionMs: { min: 1000, max: 12 * 60 * MINUTE_MS, default: 120 * MINUTE_MS },
  systemPolicies,
  serviceRoles: [
    {
      name: 'EMR_QCSRole',
      kind: 'service',
      service: SERVICE,
      policies: ['QcloudAccessForEMRRole'],
    },
    {
      name: 'EMRCosRole',
      kind: 'normal',
      service: SERVICE,
      policies: ['QcloudAccessForEMRRoleInApplicationDataAccess'],
    },
  ],
  drawAccount: (random) => ({ account: random.decimal(12), tenant: `1${random.decimal(9)}` }),
  drawNumber: (random) => random.decimal(12),
  issueKey: (random) => ({ id: `AKID${random.base62(32)}`, secret: random.base62(32) }),
  issueSession: (random) => ({
    id: `AKID${random.base62(60)}`,
    secret: random.base62(44),
    token: random.base62(128),
  }),
  parsePolicy,
  parseTrust,
  trustAccount,
  trustService,
  assuming: (account, role) => ({
    action: 'sts:AssumeRole',
    resource: `qcs::cam::uin/${account}:roleName/${role}`,
  }),
}
