/** The account that an administrator gives Emrys: with the rights of docs/kubernetes-access.yaml, and no others. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { Access } from '../../src/substrate/kubernetes/access.ts'
import type { ControlPlane } from './control-plane.ts'

const FILE = join(import.meta.dirname, '../../docs/kubernetes-access.yaml')

const PLACES: Readonly<Record<string, string>> = {
  Namespace: '/api/v1/namespaces',
  ServiceAccount: '/api/v1/namespaces/emrys-system/serviceaccounts',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
}

export async function limitedAccess({
  access,
  client,
}: Pick<ControlPlane, 'access' | 'client'>): Promise<Access> {
  for (const document of parseAllDocuments(readFileSync(FILE, 'utf8'))) {
    const object = document.toJS() as { readonly kind: string }
    await client.create(PLACES[object.kind] ?? '', object)
  }
  const { status } = await client.create(`${PLACES['ServiceAccount']}/emrys/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 3_600 },
  })
  const { token } = status as { readonly token: string }
  return { ...access, credential: async () => ({ token }) }
}
