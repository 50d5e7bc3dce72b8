/**
 * ListSSLDetails: the certificate that clients are shown, in PEM for them to verify it with, and whether it holds by the service's
 * time. Facts: reference alibaba-starrocks.md 5.3, 6.3.
 */
import type { ServerCertificate } from '../../../../domain/cluster/access.ts'
import { certificateFacts } from '../../../../kernel/certificate.ts'
import { flag, integer, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { accessOf } from '../instance/access.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'

const details = object({
  Aliases: text(),
  CustomCert: flag(),
  EnableSSL: flag(),
  IsValid: flag(),
  IssuerDN: text(),
  NotAfter: integer(),
  NotBefore: integer(),
  SslCertificateText: text(),
  Status: text(),
  SubjectDN: text(),
})

const ALIAS = 'starrocks-ssl'

const nothing = {
  Aliases: '',
  CustomCert: false,
  EnableSSL: false,
  IsValid: false,
  IssuerDN: '',
  NotAfter: 0,
  NotBefore: 0,
  SslCertificateText: '',
  Status: 'unknown',
  SubjectDN: '',
}

export const listSSLDetails = action({
  name: 'ListSSLDetails',
  input: { InstanceId: instanceId, RegionId: optional(regionId) },
  output: { Data: details },
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId }) {
    const { encryption } = accessOf(await core.clusters.get(call, InstanceId))
    if (typeof encryption !== 'object') return { Data: nothing }
    return { Data: detailsOf(encryption, core.clock.now()) }
  },
})

function detailsOf({ certificate, custom }: ServerCertificate, nowMs: number) {
  const { subject, issuer, notBeforeMs, notAfterMs } = certificateFacts(certificate)
  const isValid = notBeforeMs <= nowMs && nowMs < notAfterMs
  return {
    Aliases: ALIAS,
    CustomCert: custom,
    EnableSSL: true,
    IsValid: isValid,
    IssuerDN: issuer,
    NotAfter: notAfterMs,
    NotBefore: notBeforeMs,
    SslCertificateText: certificate,
    // Before its time it is neither valid nor expired.
    Status: isValid ? 'valid' : nowMs < notBeforeMs ? 'unknown' : 'expired',
    SubjectDN: subject,
  }
}
