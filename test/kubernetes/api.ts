/** Requests that tests make instead of other parts of Kubernetes: a kubelet's, a scheduler's, an operator's. */
import { isDeepStrictEqual } from 'node:util'
import { recordOf } from '../../src/kernel/json.ts'
import type { Access } from '../../src/substrate/kubernetes/access.ts'
import { transport } from '../../src/substrate/kubernetes/transport.ts'
import { cleanUp, type Ending } from '../support/process/clean-up.ts'

/** The status and the body of the answer, whatever they are; rejects when nobody answers. */
export type Ask = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  value?: unknown,
) => Promise<{ readonly status: number; readonly body: unknown }>

export function askerOf(t: Ending, access: Access): Ask {
  const connection = transport(access, { answerMs: 10_000, answerBytes: 64 * 1024 * 1024 })
  cleanUp(t, () => connection.close())
  return async (method, path, value) => {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
    const answer = await connection.send({
      method,
      path,
      ...(value !== undefined && { body: { type, value } }),
    })
    return { status: answer.status, body: JSON.parse(answer.body.toString('utf8')) as unknown }
  }
}

/** Whether a merge patch of these members would change nothing. The API server has an order of members of its own. */
export function hasMembers(found: unknown, members: object): boolean {
  return isDeepStrictEqual({ ...recordOf(found), ...members }, found)
}

/** The items of a list as the API server has it in memory: it may be a little behind, and costs less, as etcd is not asked. */
export async function itemsOf<T>(ask: Ask, path: string): Promise<readonly T[]> {
  const { status, body } = await ask('GET', `${path}?resourceVersion=0`)
  if (status !== 200) throw new Error(`${path} is answered with ${status}`)
  return (body as { readonly items: readonly T[] }).items
}
