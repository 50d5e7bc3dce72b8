/** The password of an instance as its namespace has it: read by its pods, and by whoever asks its front ends. */
import { recordOf } from '../../../kernel/json.ts'
import type { KubernetesClient } from '../client.ts'
import { resources } from '../resource.ts'
import { ADMIN_SECRET, FORMER, PASSWORD, type Passwords } from './objects.ts'

export async function findPasswords(
  client: KubernetesClient,
  namespace: string,
): Promise<Passwords | undefined> {
  const found = await client.find({ type: resources.secret, namespace, name: ADMIN_SECRET })
  const data = recordOf(found?.['data'])
  const text = (name: string) =>
    typeof data[name] === 'string' ? Buffer.from(data[name], 'base64').toString('utf8') : undefined
  const [password, former] = [text(PASSWORD), text(FORMER)]
  return password === undefined ? undefined : { password, ...(former !== undefined && { former }) }
}

/** What it becomes with this one; the same where it is this one already. */
export function withPassword(was: Passwords | undefined, password: string): Passwords {
  if (!was || was.password === password) return { ...was, password }
  return { password, former: was.password }
}
