/**
 * The built-in key service: envelope keys in Emrys' own store, each 32 random bytes that are sealed with the installation's
 * key. A key that does not exist is adopted when it is first used; the environment decides before whether it may be.
 */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../kernel/clock.ts'
import { canonicalJson } from '../../kernel/json.ts'
import { sealer as sealerOf, type Sealer } from '../../kernel/seal.ts'
import {
  assertUsable,
  keyDocumentId,
  type EncryptionKey,
  type KeyReference,
  type KeyState,
} from '../../domain/encryption-key.ts'
import { Fault } from '../../domain/fault.ts'
import {
  DATA_KEY_BYTES,
  KeyProblem,
  type KeyAdministration,
  type KeyContext,
  type KeyService,
} from '../../port/key-service.ts'
import type { RewrapAll } from '../../app/encryption.ts'
import { Conflict, type Store, type Writer } from '../../store/port.ts'
import { limits } from '../../limits.ts'

export interface BuiltInOptions {
  readonly store: Store
  readonly sealer: Sealer
  readonly clock: Clock
  /** Finds what was wrapped; absent where nothing else is kept. */
  readonly rewrapAll?: RewrapAll
}

export type BuiltInKeys = KeyService & { readonly administration: KeyAdministration }

/** What clients may call a key. */
const KEY_ID = /^[\w.-]{1,64}$/

export function builtInKeys(options: BuiltInOptions): BuiltInKeys {
  const { store } = options
  const find = async (key: KeyReference): Promise<EncryptionKey | undefined> => {
    const found = await store.read((tx) =>
      tx.find('encryptionKey', key.account, keyDocumentId(key)),
    )
    return found?.document
  }
  return {
    name: 'built-in',
    describe: async (key) => (await find(key))?.state,
    async generateDataKey(key, context) {
      const wrapping = (await find(key)) ?? (await adopt(options, key))
      const plain = randomBytes(DATA_KEY_BYTES)
      const text = plain.toString('base64')
      const [wrapper] = wrappersOf(options, key, wrapping)
      return { plain, wrapped: wrapper.seal(text, textOf(context)) }
    },
    async decrypt(key, wrapped, context) {
      const text = opened(wrappersOf(options, key, await find(key)), wrapped, textOf(context))
      return Buffer.from(text, 'base64')
    },
    administration: administrationOf(options),
  }
}

function textOf(context: KeyContext): string {
  return `data-key/${canonicalJson(context)}`
}

function materialContext(key: KeyReference): string {
  return `encryption-key/${keyDocumentId(key)}`
}

/** Of its own material, and of what it had before. Throws ResourceMissing or ResourceUnfit. */
function wrappersOf(
  { sealer }: BuiltInOptions,
  key: KeyReference,
  found: EncryptionKey | undefined,
): readonly [Sealer, ...Sealer[]] {
  assertUsable(key.id, found?.state)
  const wrapper = (sealed: string) =>
    sealerOf(Buffer.from(sealer.open(sealed, materialContext(key)), 'base64'))
  const { material = '', former } = found ?? {}
  return [wrapper(material), ...(former === undefined ? [] : [wrapper(former)])]
}

/** With the first of them that can. */
function opened(
  [first, ...others]: readonly [Sealer, ...Sealer[]],
  wrapped: string,
  context: string,
) {
  const [former] = others
  try {
    return first.open(wrapped, context)
  } catch (problem) {
    if (!former) throw problem
    return former.open(wrapped, context)
  }
}

function newMaterial(sealer: Sealer, key: KeyReference): string {
  return sealer.seal(randomBytes(32).toString('base64'), materialContext(key))
}

type Made = Pick<EncryptionKey, 'description' | 'origin' | 'state'>

/** Throws Conflict when there is one already, LimitReached when the account has too many. */
async function insert(
  tx: Writer,
  { sealer, clock }: BuiltInOptions,
  it: { readonly key: KeyReference; readonly made: Made },
): Promise<EncryptionKey> {
  const { key, made } = it
  const { account, region, id: name } = key
  const limit = limits.encryptionKeys
  const { total } = await tx.list('encryptionKey', {
    account,
    order: 'oldest',
    limit: 1,
    offset: 0,
  })
  if (total >= limit) throw new Fault('LimitReached', { what: 'encryption keys', limit })
  const material = newMaterial(sealer, key)
  const createdMs = clock.now()
  const document = { id: keyDocumentId(key), account, region, name, ...made, createdMs, material }
  await tx.insert('encryptionKey', document, createdMs)
  return document
}

async function adopt(options: BuiltInOptions, key: KeyReference): Promise<EncryptionKey> {
  const made = { description: '', origin: 'adopted', state: 'enabled' } as const
  return options.store.write(async (tx) => {
    // Two requests may have met it for the first time together.
    const known = await tx.find('encryptionKey', key.account, keyDocumentId(key))
    return known?.document ?? insert(tx, options, { key, made })
  })
}

function administrationOf(options: BuiltInOptions): KeyAdministration {
  const { store, clock } = options
  const audit = (tx: Writer, action: string, { account, region, id: subject }: KeyReference) =>
    tx.addAudit({
      atMs: clock.now(),
      account,
      principal: 'admin',
      action,
      requestId: '',
      region,
      subject,
    })
  return {
    list: ({ account, limit, behindSeq }) =>
      store.read((tx) =>
        tx.list('encryptionKey', {
          account,
          order: 'newest',
          limit,
          offset: 0,
          ...(behindSeq === undefined ? {} : { behindSeq }),
        }),
      ),
    async make(key, description) {
      checkId(key)
      try {
        return await store.write(async (tx) => {
          await checkAccount(tx, key)
          await audit(tx, 'AddEncryptionKey', key)
          const made = { description, origin: 'made', state: 'enabled' } as const
          return insert(tx, options, { key, made })
        })
      } catch (problem) {
        throw understood(problem, key)
      }
    },
    async setState(key, state) {
      checkId(key)
      return store.write(async (tx) => {
        const found = await tx.find('encryptionKey', key.account, keyDocumentId(key))
        if (!found) throw new KeyProblem('missing', `there is no key ${key.id} in ${key.region}`)
        await audit(tx, `${verbs[state]}EncryptionKey`, key)
        const next = changed(found.document, state)
        await tx.save('encryptionKey', found, next)
        return next
      })
    },
    async rotate(key) {
      checkId(key)
      return store.write(async (tx) => {
        const found = await tx.find('encryptionKey', key.account, keyDocumentId(key))
        if (!found) throw new KeyProblem('missing', `there is no key ${key.id} in ${key.region}`)
        const { document: was } = found
        if (was.state !== 'enabled')
          throw new KeyProblem('refused', `the key ${key.id} is ${was.state}`)
        await audit(tx, 'RotateEncryptionKey', key)
        const next = { ...was, material: newMaterial(options.sealer, key), former: was.material }
        const [wrapper] = wrappersOf(options, key, next)
        const before = wrappersOf(options, key, was)
        await options.rewrapAll?.(tx, key, (wrapped, context) =>
          wrapper.seal(opened(before, wrapped, textOf(context)), textOf(context)),
        )
        await tx.save('encryptionKey', found, next)
        return next
      })
    },
  }
}

const verbs: { readonly [state in KeyState]: string } = {
  enabled: 'Enable',
  disabled: 'Disable',
  deleted: 'Delete',
}

function changed(key: EncryptionKey, state: KeyState): EncryptionKey {
  if (key.state === 'deleted' && state !== 'deleted')
    throw new KeyProblem('refused', `the key ${key.name} is deleted, and its material is gone`)
  const { former: _former, ...rest } = key
  return state === 'deleted' ? { ...rest, state, material: '' } : { ...key, state }
}

function checkId({ id }: KeyReference): void {
  if (KEY_ID.test(id)) return
  throw new KeyProblem('refused', 'the id of a key has 1 to 64 letters, digits, dots, - or _')
}

async function checkAccount(tx: Writer, { account }: KeyReference): Promise<void> {
  if (await tx.findById('account', account)) return
  throw new KeyProblem('missing', `there is no account ${account}`)
}

function understood(problem: unknown, key: KeyReference): unknown {
  if (problem instanceof Conflict)
    return new KeyProblem('refused', `there is a key ${key.id} in ${key.region} already`)
  if (problem instanceof Fault && problem.code === 'LimitReached')
    return new KeyProblem('refused', `at most ${limits.encryptionKeys} keys are allowed`)
  return problem
}
