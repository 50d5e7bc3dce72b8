/** Reads one object, bounded in size and time. */
import type { Clock } from '../../kernel/clock.ts'
import { s3Request } from '../../kernel/s3.ts'
import type { FoundObject, ObjectStores } from '../../port/object-store.ts'

const ANSWER_MS = 15_000

/** What else it answers may be another one next time. */
const LACKS: Readonly<Record<number, Exclude<FoundObject, Uint8Array>>> = {
  301: 'absent',
  400: 'denied',
  401: 'denied',
  403: 'denied',
  404: 'absent',
}

export function getObject({ wall }: Pick<Clock, 'wall'>): ObjectStores['get'] {
  return async ({ endpoint, region }, { key, bucket, name, mostBytes }) => {
    const bounds = { answerMs: ANSWER_MS, answerBytes: mostBytes + 1 }
    const request = { method: 'GET', path: `/${bucket}/${name}` } as const
    const access = { endpoint, region, ...key }
    const { status, body } = await s3Request(access, request, new Date(wall()), bounds)
    if (status !== 200 && LACKS[status] === undefined)
      throw new Error(`${endpoint} answers ${status}`)
    return LACKS[status] ?? (body.length > mostBytes ? 'too-large' : body)
  }
}
