/** A validating webhook on loopback, as policies of a cluster have them, which the API server asks by HTTPS. */
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { generate } from 'selfsigned'
import { recordOf } from '../../src/kernel/json.ts'
import { cleanUp, type Ending } from '../support/process/clean-up.ts'
import type { Ask } from './api.ts'

const PLACE = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations'

export interface Webhook {
  /** From now on, such objects are refused with these words; undefined: none. */
  refuse(refusal: { readonly kind: string; readonly words: string } | undefined): void
}

/** Asked for what is made or changed of these; nothing is refused at first. */
export async function startWebhook(
  t: Ending,
  ask: Ask,
  resources: readonly { readonly group: string; readonly resource: string }[],
): Promise<Webhook> {
  let refusal: Parameters<Webhook['refuse']>[0]
  const made = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  const answered = (request: unknown) => {
    const review = recordOf(request)
    const { uid, kind } = recordOf(review['request'])
    const isRefused = recordOf(kind)['kind'] === refusal?.kind
    return {
      apiVersion: review['apiVersion'],
      kind: 'AdmissionReview',
      response: {
        uid,
        allowed: !isRefused,
        ...(isRefused && { status: { code: 403, message: refusal?.words } }),
      },
    }
  }
  const server = createServer({ key: made.private, cert: made.cert }, (request, response) => {
    response.setHeader('content-type', 'application/json')
    void json(request).then((review) => response.end(JSON.stringify(answered(review))))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp(t, async () => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const answer = await ask('POST', PLACE, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'policy' },
    webhooks: [
      {
        name: 'policy.example.com',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Fail',
        clientConfig: {
          url: `https://127.0.0.1:${port}/`,
          caBundle: Buffer.from(made.cert).toString('base64'),
        },
        rules: resources.map(({ group, resource }) => ({
          apiGroups: [group],
          apiVersions: ['*'],
          resources: [resource],
          operations: ['CREATE', 'UPDATE'],
        })),
      },
    ],
  })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return { refuse: (next) => void (refusal = next) }
}
