/** The password of an instance as its namespace has it: read by its pods, and by whoever asks its front ends. */
import { recordOf } from '../../../kernel/json.ts'
import type { KubernetesClient } from '../client.ts'
import { resources } from '../resource.ts'
import { GIVEN_OBJECTS } from './given-object.ts'
import type { Passwords } from './objects.ts'
import { ADMIN_SECRET, FORMER, PASSWORD } from './pod.ts'

/** On the Secret: the number of the password that front ends were given last, by SQL. */
const GIVEN = 'emrys.dev/given'

export interface StoredPasswords extends Passwords {
  /** Absent until one was given. */
  readonly given?: number
  /** Whether what the instance begins with was made. */
  readonly hasObjects: boolean
}

export async function findPasswords(
  client: KubernetesClient,
  namespace: string,
): Promise<StoredPasswords | undefined> {
  const found = await client.find({ type: resources.secret, namespace, name: ADMIN_SECRET })
  const data = recordOf(found?.['data'])
  const text = (name: string) =>
    typeof data[name] === 'string' ? Buffer.from(data[name], 'base64').toString('utf8') : undefined
  const [password, former] = [text(PASSWORD), text(FORMER)]
  if (password === undefined) return undefined
  const given = found?.metadata.annotations?.[GIVEN]
  return {
    password,
    ...(former !== undefined && { former }),
    ...(given !== undefined && { given: Number(given) }),
    hasObjects: found?.metadata.annotations?.[GIVEN_OBJECTS] !== undefined,
  }
}

/** What it becomes with this one; the same where it is this one already. */
export function withPassword(was: Passwords | undefined, password: string): Passwords {
  if (!was || was.password === password) return { ...was, password }
  return { password, former: was.password }
}

/** After it was given: who is killed before that gives it again. */
export async function notePasswordGiven(
  client: KubernetesClient,
  namespace: string,
  given: number,
): Promise<void> {
  const key = { type: resources.secret, namespace, name: ADMIN_SECRET }
  await client.merge(key, { metadata: { annotations: { [GIVEN]: String(given) } } })
}
