/**
 * Composition root, its part for several servers of one store: what an administrator changes on one server is in force on all. It is kept
 * in records of the store; a counter that is raised with each change, in the same transaction, says whether anything is to be read again.
 * A server looks at that counter before it handles a request and before it takes a step in the simulated world, so that what was
 * acknowledged anywhere is in force everywhere.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../../kernel/json.ts'
import type { Store, Writer } from '../../store/port.ts'

/** What a server keeps in its memory, as it is written down for the others. */
export interface SharedSetting {
  readonly name: string
  read(): Json
  apply(value: Json): void
}

export interface SharedState {
  /** What any server changed until now is in force when it resolves. */
  readonly catchUp: () => Promise<void>
  /** Called when something changed elsewhere, and was not only a setting. */
  onChange(listener: () => Promise<void>): void
  share(setting: SharedSetting): void
  /** Makes the settings of this server those of all. */
  publish(): Promise<void>
  /** A store whose every write the others learn of. */
  readonly noted: Store
  /** Changes a setting for all servers at once, in a unit of work of its own. */
  change(name: string, next: (was: Json) => Json): Promise<void>
  /** As `publish`, of all that is set: after everything was removed. */
  publishAgain(): Promise<void>
}

const COUNTER = 'shared-changes'
const GROUP = 'setting'

export function sharedState(store: Store): SharedState {
  const settings: SharedSetting[] = []
  const listeners: (() => Promise<void>)[] = []
  const published = new Map<string, Json>()
  let known = -1
  const noted: Store = {
    ...store,
    write: (work) =>
      store.write(async (tx) => {
        const result = await work(tx)
        await tx.count(COUNTER)
        return result
      }),
  }
  const look = async () => {
    const [changes, values] = await store.read(async (tx) => {
      const now = await tx.counted(COUNTER)
      if (now === known) return [now, []] as const
      const found = settings.map(({ name }) => tx.findById('record', recordId(GROUP, name)))
      return [now, await Promise.all(found)] as const
    })
    if (changes === known) return
    for (const [at, found] of values.entries()) {
      const setting = settings[at]
      if (!found || !setting) continue
      const { value } = found.document
      published.set(setting.name, value)
      if (!isDeepStrictEqual(setting.read(), value)) setting.apply(value)
    }
    for (const listener of listeners) await listener()
    known = changes
  }
  const publish = async () => {
    for (const { name, read } of settings) {
      const value = read()
      if (isDeepStrictEqual(value, published.get(name))) continue
      published.set(name, value)
      await noted.write((tx) => putRecord(tx, GROUP, name, value))
    }
  }
  return {
    catchUp: oneAtATime(look),
    onChange: (listener) => void listeners.push(listener),
    share: (setting) => void settings.push(setting),
    noted,
    publish,
    async publishAgain() {
      published.clear()
      await publish()
    },
    async change(name, next) {
      await noted.write(async (tx) => {
        const found = await tx.findById('record', recordId(GROUP, name))
        if (found) await putRecord(tx, GROUP, name, next(found.document.value))
      })
    },
  }
}

/** One look serves all who asked before it began. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let following: Promise<void> | undefined
  const begin = () => {
    following = undefined
    const begun = work().finally(() => {
      if (running === begun) running = undefined
    })
    running = begun
    return begun
  }
  return () => {
    if (!running) return begin()
    following ??= running.then(begin, begin)
    return following
  }
}

export function recordId(group: string, name: string): string {
  return `${group}/${name}`
}

/** Undefined removes it. */
export async function putRecord(
  tx: Writer,
  group: string,
  name: string,
  value: Json | undefined,
): Promise<void> {
  const id = recordId(group, name)
  const was = await tx.findById('record', id)
  if (value === undefined) return was && tx.remove('record', was)
  const record = { id, account: '', group, name, value } as const
  if (was) await tx.save('record', was, record)
  else await tx.insert('record', record, 0)
}
