/**
 * EnableSSLConnection: clients are offered TLS with a certificate that they can verify, one that the service makes or one of the
 * owner's; whoever comes without TLS is let in as before. With Renewal, the certificate is replaced.
 * Facts: reference alibaba-starrocks.md 3.2 (SSL), 6.3.
 */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import { certificateSecret } from '../../../../app/cluster/set-access.ts'
import type { ServerCertificate } from '../../../../domain/cluster/access.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { requireIdle } from '../../../../domain/cluster/change.ts'
import { refuse } from '../../../../domain/fault.ts'
import { serverKeyText } from '../../../../kernel/key-store.ts'
import { limits } from '../../../../limits.ts'
import { flag, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { accessAsks, accessFaults, accessOf, refused } from '../instance/access.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { checkKeyStore, type KeyStoreInput } from './key-store.ts'
import { systemCertificate } from './system-certificate.ts'

const PASSWORD_MAX = 128

const password = (label: string) =>
  optional(
    text({
      max: PASSWORD_MAX,
      secret: true,
      message: `${label} should have at most ${PASSWORD_MAX} characters`,
      example: 'Example#1234',
    }),
  )

export const enableSSLConnection = action({
  name: 'EnableSSLConnection',
  input: {
    CustomSSLCertificate: optional(
      text({
        max: limits.keyStoreText,
        pattern: /^[0-9A-Za-z+/\s]+=*\s*$/,
        secret: true,
        message: `Custom SSL certificate should be at most ${limits.keyStoreText} characters of base64`,
        example: 'MIIJkAIBAzCCCVYGCSqGSIb3DQEHAaCC',
      }),
    ),
    EnableCustom: flag({ default: false, example: true }),
    InstanceId: instanceId,
    RegionId: optional(regionId),
    Renewal: flag({ default: false, example: false }),
    SslKeyPassword: password('Ssl key password'),
    SslKeystorePassword: password('Ssl keystore password'),
  },
  output: { Data: flag() },
  faults: [...accessFaults, 'Overloaded'],
  asks: accessAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    const { InstanceId, EnableCustom, Renewal } = input
    const instance = await core.clusters.get(call, InstanceId)
    checkWish(instance, Renewal)
    const keyStore = EnableCustom ? keyStoreOf(input) : undefined
    const made = keyStore ? await given(keyStore) : await ofService(core, instance)
    await install(core, call, { id: InstanceId, made, renewal: Renewal })
    return { Data: true }
  },
})

interface Made {
  readonly certificate: string
  /** Secret. */
  readonly key: string
  readonly custom: boolean
}

/** Before any work is done; again when it is recorded. */
function checkWish(instance: Cluster, renewal: boolean): void {
  requireIdle(instance, 'change')
  const isEnabled = typeof accessOf(instance).encryption === 'object'
  if (isEnabled && !renewal)
    throw refused('Renewal', 'SSL is enabled already, and renewal replaces its certificate')
  if (!isEnabled && renewal)
    throw refused('Renewal', 'SSL is not enabled, so that there is nothing to renew')
}

function keyStoreOf(input: Partial<KeyStoreInput>): KeyStoreInput {
  const { CustomSSLCertificate, SslKeyPassword, SslKeystorePassword } = input
  const member = (name: keyof KeyStoreInput, value: string | undefined): string => {
    if (value === undefined) throw refuse({ name, problem: 'missing' })
    return value
  }
  return {
    CustomSSLCertificate: member('CustomSSLCertificate', CustomSSLCertificate),
    SslKeyPassword: member('SslKeyPassword', SslKeyPassword),
    SslKeystorePassword: member('SslKeystorePassword', SslKeystorePassword),
  }
}

async function given(input: KeyStoreInput): Promise<Made> {
  const certificate = await checkKeyStore(input)
  const store = input.CustomSSLCertificate
  return {
    certificate,
    key: serverKeyText({ store, password: input.SslKeystorePassword }),
    custom: true,
  }
}

async function ofService({ clock }: Core, instance: Cluster): Promise<Made> {
  const { certificatePem: certificate, keyPem: key } = await systemCertificate(instance, clock)
  return { certificate, key: serverKeyText({ certificate, key }), custom: false }
}

async function install(
  core: Core,
  call: Call,
  { id, made, renewal }: { readonly id: string; readonly made: Made; readonly renewal: boolean },
): Promise<void> {
  const { certificate, custom } = made
  const secret = certificateSecret(core.random.hex(16))
  const encryption: ServerCertificate = { secret, certificate, custom }
  await core.clusters.setAccess(call, id, (was) => {
    checkWish(was, renewal)
    return {
      action: { kind: 'access', aspect: 'encryption' },
      access: { ...accessOf(was), encryption },
      secret: made.key,
    }
  })
}
