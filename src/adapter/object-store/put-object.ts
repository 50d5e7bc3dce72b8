/** Writes one object with a client's own key. */
import type { Clock } from '../../kernel/clock.ts'
import { objectFolder } from '../../kernel/object-folder.ts'
import type { ObjectStores } from '../../port/object-store.ts'

export function putObject(clock: Pick<Clock, 'wall'>): ObjectStores['put'] {
  return async (at, { key, volume, name, body }) => {
    const folder = objectFolder({ ...at, ...volume }, clock)
    folder.setKey(key)
    try {
      await folder.put(name, body)
    } finally {
      folder.close()
    }
  }
}
