/** Tries a client's keys on a bucket with a request that changes nothing. */
import type { Clock } from '../../kernel/clock.ts'
import type { KeyCheck, ObjectStores } from '../../port/object-store.ts'
import { s3Request } from '../../kernel/s3.ts'

/** Whatever else it answers says that it does not work now, and nothing of the keys. */
const MEANINGS: Readonly<Record<number, KeyCheck>> = {
  200: 'accepted',
  // Of another account than asked: stores that hide from each other what is there.
  301: 'no-bucket',
  400: 'denied',
  401: 'denied',
  403: 'denied',
  404: 'no-bucket',
}

export function keyCheck({ wall }: Pick<Clock, 'wall'>): ObjectStores['check'] {
  return async ({ endpoint, region }, { key, bucket }) => {
    const path = bucket === undefined ? '/' : `/${bucket}`
    const query = bucket === undefined ? {} : { 'list-type': '2', 'max-keys': '1' }
    try {
      const access = { endpoint, region, ...key }
      const at = new Date(wall())
      const { status } = await s3Request(access, { method: 'GET', path, query }, at)
      return MEANINGS[status] ?? 'unreachable'
    } catch {
      return 'unreachable'
    }
  }
}
