/**
 * How StarRocks instances come to OSS: by the role of OssAccessingRoleName, which the service assumes. Names of objects in policies:
 * RAM page "OSS", `acs:oss:<region>:<account-id>:<bucket>/<object>`, a bucket alone for its listing.
 */
import type { StorageRules } from '../../app/object-storage.ts'
import { SERVICE } from './identity/identity-rules.ts'
import { product } from './starrocks/action.ts'
import { instanceExtension } from './starrocks/instance/extension.ts'

export const storageRules: StorageRules = {
  product,
  dialect: 'alibaba',
  service: SERVICE,
  keepsData: (cluster) => instanceExtension(cluster).runMode === 'shared_data',
  roleOf: (cluster) => instanceExtension(cluster).ossRole,
  languageOf: ({ region, account }) => ({
    scheme: 'oss',
    actions: { read: 'oss:GetObject', write: 'oss:PutObject', list: 'oss:ListObjects' },
    resourceOf: (path) => `acs:oss:${region}:${account}:${path}`,
  }),
  // Of an engine's own request nothing else is known.
  contextAt: (nowMs) => ({ 'acs:CurrentTime': new Date(nowMs).toISOString() }),
}
