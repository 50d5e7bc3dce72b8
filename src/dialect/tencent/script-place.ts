/**
 * Where a bootstrap script lies: an object of a bucket, by the scheme of object storage or by the address that it has on the web
 * (reference: tencent-emr.md 2.3 CosFileURI). Undefined for what lies in no bucket.
 */
import type { ObjectPlace } from '../../domain/object-storage.ts'

const NAMED = /^cosn?:\/\/([\w.-]{1,100})\/([\x21-\x7e]{1,1000})$/
const ON_THE_WEB =
  /^https:\/\/([\w-]{1,100})\.cos\.[a-z0-9-]{1,40}\.(?:myqcloud|tencentcos)\.(?:com|cn)\/([\x21-\x7e]{1,1000})$/

export function scriptPlace(uri: string): ObjectPlace | undefined {
  const named = NAMED.exec(uri)
  const [, bucket, path] = named ?? ON_THE_WEB.exec(uri) ?? []
  if (bucket === undefined || path === undefined) return undefined
  return { bucket, name: named ? path : decoded(path) }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
