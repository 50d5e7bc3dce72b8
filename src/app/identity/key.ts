/** Access keys. A secret is returned once, by `add`, and stored sealed. */
import { idIn, type AccessKey, type Status } from '../../domain/account.ts'
import type { Page, Reader, Stored } from '../../store/port.ts'
import {
  accountIn,
  change,
  checkRoom,
  listIn,
  rulesOf,
  type IdentityParts,
  type Slice,
} from './change.ts'
import { namedIn } from './named.ts'
import { missing } from './problem.ts'

export interface KeyOwner {
  readonly account: string
  /** Absent for the account itself, which may do everything. */
  readonly user?: string
}

export interface Keys {
  /** Throws IdentityProblem. */
  add(it: KeyOwner): Promise<{ readonly key: AccessKey; readonly secret: string }>
  list(
    it: Slice & { readonly account?: string; readonly user?: string },
  ): Promise<Page<'accessKey'>>
  /** Throws IdentityProblem. */
  remove(id: string): Promise<void>
  setStatus(id: string, status: Status): Promise<AccessKey>
}

/** What a key's secret is sealed under. */
export function keyContext(id: string): string {
  return `access-key/${id}/secret`
}

export function keys(parts: IdentityParts): Keys {
  const { sealer, clock, secrets } = parts
  return {
    add: ({ account: number, user = '' }) =>
      change(
        parts,
        { action: 'AddKey', account: number, subject: user === '' ? 'root' : `user/${user}` },
        async (tx) => {
          const { document: account } = await accountIn(tx, number)
          if (user !== '') await namedIn(tx, 'user', { account: number, name: user })
          const { limits, issueKey } = rulesOf(parts, account)
          await checkRoom(tx, 'accessKey', {
            account: number,
            parent: idIn(number, user),
            what: 'access keys',
            limit: limits.keysPerUser,
          })
          const { id, secret } = issueKey(secrets)
          const key: AccessKey = {
            id,
            account: number,
            dialect: account.dialect,
            user,
            secret: sealer.seal(secret, keyContext(id)),
            status: 'active',
            createdMs: clock.now(),
          }
          await tx.insert('accessKey', key, key.createdMs)
          return { key, secret }
        },
      ),
    list: ({ user, ...it }) =>
      listIn(parts, 'accessKey', {
        ...it,
        ...(it.account === undefined || user === undefined
          ? {}
          : { parent: idIn(it.account, user) }),
      }),
    async remove(id) {
      const { document } = await parts.store.read((tx) => keyIn(tx, id))
      await change(
        parts,
        { action: 'RemoveKey', account: document.account, subject: `key/${id}` },
        async (tx) => tx.remove('accessKey', await keyIn(tx, id)),
      )
    },
    async setStatus(id, status) {
      const { document } = await parts.store.read((tx) => keyIn(tx, id))
      const action = status === 'active' ? 'EnableKey' : 'DisableKey'
      const what = { action, account: document.account, subject: `key/${id}` }
      return change(parts, what, async (tx) => {
        const found = await keyIn(tx, id)
        const next = { ...found.document, status }
        await tx.save('accessKey', found, next)
        return next
      })
    },
  }
}

async function keyIn(tx: Pick<Reader, 'findById'>, id: string): Promise<Stored<'accessKey'>> {
  const found = await tx.findById('accessKey', id)
  if (!found) throw missing('key', id)
  return found
}
