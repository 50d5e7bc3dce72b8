/** Roles that the services of a cloud need of an account: made with it, or when its owner asks for them. */
import { idIn, type IdentityRules } from '../../domain/account.ts'
import { Fault } from '../../domain/fault.ts'
import type { Random } from '../../kernel/random.ts'
import type { Writer } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { accountIn, rulesOf, type IdentityParts } from './change.ts'

export interface NewServiceRole {
  readonly account: string
  readonly rules: IdentityRules
  readonly role: IdentityRules['serviceRoles'][number]
  readonly createdMs: number
}

export async function addServiceRole(
  tx: Writer,
  { random }: { readonly random: Random },
  { account, rules, role, createdMs }: NewServiceRole,
): Promise<void> {
  const { name, kind, service, policies } = role
  const document = {
    id: idIn(account, name),
    account,
    name,
    number: rules.drawNumber(random),
    kind,
    trust: rules.trustService(service),
    policies: policies.map((policy) => ({ kind: 'system', name: policy }) as const),
    createdMs,
  }
  await tx.insert('role', document, createdMs)
}

/** Adds the role to the caller's account unless it is there. Throws LimitReached; an Error for a role that the cloud has not. */
export async function ensureServiceRole(
  parts: Omit<IdentityParts, 'secrets'>,
  call: Call,
  name: string,
): Promise<void> {
  const { account, kind, name: who } = call.principal
  const { requestId, region, action } = call
  await parts.store.write(async (tx) => {
    if (await tx.find('role', account, idIn(account, name))) return
    const rules = rulesOf(parts, (await accountIn(tx, account)).document)
    const role = rules.serviceRoles.find((each) => each.name === name)
    if (!role) throw new Error(`${rules.dialect} has no service role ${name}`)
    const { total } = await tx.list('role', { account, order: 'oldest', limit: 1, offset: 0 })
    if (total >= rules.limits.roles)
      throw new Fault('LimitReached', { what: 'roles', limit: rules.limits.roles })
    const createdMs = parts.clock.now()
    await addServiceRole(tx, parts, { account, rules, role, createdMs })
    const subject = name
    const by = { principal: `${kind}/${who}`, requestId, region, action }
    await tx.addAudit({ atMs: createdMs, account, subject, ...by })
  })
  parts.changed()
}
