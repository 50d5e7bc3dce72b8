/** Everything about identities and their permissions, for the operator of the server. */
import type { AdminContext } from '../context.ts'
import { accountPages } from './account.ts'
import { keyPages } from './key.ts'
import { policyPages } from './policy.ts'
import { rolePages } from './role.ts'
import { tokenPages } from './token.ts'
import { userPages } from './user.ts'
import type { Page } from '../page.ts'

export function identityPages({ identity }: Pick<AdminContext, 'identity'>): readonly Page[] {
  return [
    ...accountPages(identity),
    ...userPages(identity),
    ...keyPages(identity),
    ...rolePages(identity),
    ...policyPages(identity),
    ...tokenPages(identity),
  ]
}
