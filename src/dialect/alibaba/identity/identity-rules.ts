/**
 * What RAM prescribes of accounts, users, keys, roles and sessions (RAM help "Limitations" for the numbers; RAM API
 * CreateUser, CreateRole, CreatePolicy for the names; STS API AssumeRole for sessions; reference: alibaba-starrocks.md 1 and
 * 2.5 for the roles of the service and the shapes of keys).
 */
import type { IdentityRules } from '../../../domain/account.ts'
import { parsePolicy } from './policy-language.ts'
import { systemPolicies } from './system-policies.ts'
import { parseTrust, trustAccount, trustService } from './trust-policy.ts'

const MINUTE_MS = 60_000
export const SERVICE = 'starrocks.aliyuncs.com'
/** Linked to the service: no instance is created without it. */
export const SERVICE_ROLE = 'AliyunServiceRoleForEMRStarRocks'

export const identityRules: IdentityRules = {
  dialect: 'alibaba',
  accountNumber: { pattern: /^[1-9]\d{15}$/, rule: 'must have 16 digits' },
  tenantNumber: { pattern: /^[1-9]\d{15}$/, rule: 'must have 16 digits' },
  names: {
    user: { pattern: /^[\w.-]{1,64}$/, rule: 'must have 1 to 64 letters, digits, dots, _ or -' },
    role: { pattern: /^[\w.-]{1,64}$/, rule: 'must have 1 to 64 letters, digits, dots, _ or -' },
    policy: { pattern: /^[A-Za-z\d-]{1,128}$/, rule: 'must have 1 to 128 letters, digits or -' },
    session: {
      pattern: /^[\w.@-]{2,64}$/,
      rule: 'must have 2 to 64 letters, digits, dots, _, @ or -',
    },
  },
  limits: {
    users: 5000,
    roles: 1000,
    policies: 1500,
    keysPerUser: 2,
    systemPoliciesPerPrincipal: 20,
    customPoliciesPerPrincipal: 10,
  },
  sessionMs: { min: 15 * MINUTE_MS, max: 12 * 60 * MINUTE_MS, default: 60 * MINUTE_MS },
  systemPolicies,
  serviceRoles: [
    {
      name: SERVICE_ROLE,
      kind: 'service',
      service: SERVICE,
      policies: ['AliyunServiceRolePolicyForEMRStarRocks'],
    },
    {
      name: 'AliyunEMRStarRocksAccessingOSSRole',
      kind: 'normal',
      service: SERVICE,
      policies: ['AliyunEMRStarRocksAccessingOSSRolePolicy'],
    },
  ],
  drawAccount(random) {
    const account = random.decimal(16)
    return { account, tenant: account }
  },
  drawNumber: (random) => random.decimal(18),
  issueKey: (random) => ({ id: `LTAI5t${random.base62(18)}`, secret: random.base62(30) }),
  issueSession: (random) => ({
    id: `STS.${random.base62(25)}`,
    secret: random.base62(44),
    token: `CAIS${random.base62(124)}`,
  }),
  parsePolicy,
  parseTrust,
  trustAccount,
  trustService,
  assuming: (account, role) => ({
    action: 'sts:AssumeRole',
    resource: `acs:ram:*:${account}:role/${role}`,
  }),
}
