/** Access as the service account of the pod that this server runs in: its kubelet puts address, authority and a rotating token there. */
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import type { Clock } from '../../kernel/clock.ts'
import { AccessProblem, type Access } from './access.ts'
import { credentialText, keptText } from './credential-file.ts'

export interface PodIdentity {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Pick<Clock, 'wall'>
  /** Where kubelets mount it. */
  readonly directory?: string
}

const DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Throws AccessProblem where this is no pod, or one without an account. */
export function serviceAccountAccess({
  environment,
  clock,
  directory = DIRECTORY,
}: PodIdentity): Access {
  const host = environment['KUBERNETES_SERVICE_HOST'] ?? ''
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? ''
  if (host === '' || !/^\d{1,5}$/.test(port))
    throw new AccessProblem(
      'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: this is no pod, and a kubeconfig has to be named',
    )
  const token = keptText(join(directory, 'token'), "the service account's token", clock)
  token(true)
  return {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    authority: credentialText(join(directory, 'ca.crt'), "the service account's authority"),
    namespace: credentialText(join(directory, 'namespace'), "the service account's namespace"),
    credential: async (refused) => ({ token: token(refused) }),
  }
}
