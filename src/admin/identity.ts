/** Everything about who there is and what they may, for whoever runs the server. */
import type { Identity } from '../app/identity.ts'
import { accountPages } from './identity/account.ts'
import { keyPages } from './identity/key.ts'
import { policyPages } from './identity/policy.ts'
import { rolePages } from './identity/role.ts'
import { tokenPages } from './identity/token.ts'
import { userPages } from './identity/user.ts'
import type { Page } from './page.ts'

export function identityPages({ identity }: { readonly identity: Identity }): readonly Page[] {
  return [
    ...accountPages(identity),
    ...userPages(identity),
    ...keyPages(identity),
    ...rolePages(identity),
    ...policyPages(identity),
    ...tokenPages(identity),
  ]
}
