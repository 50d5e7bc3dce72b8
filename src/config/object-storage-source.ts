/** The member `object-storage` of a declared environment: what keeps the objects of a cloud's buckets. */
import { isAbsolute } from 'node:path'
import type { ObjectStorageSource } from '../domain/environment.ts'
import { objectName, type NameProblem } from '../domain/object-name.ts'
import type { ObjectVolume } from '../domain/object-storage.ts'
import type { DeclaredYaml, Node } from './yaml.ts'

const LOCAL = 'local'
const REGION = 'us-east-1'
const NAME_LENGTH = 255

/** Undefined, and noted, when it is not one. */
export function readObjectStorage(yaml: DeclaredYaml, node: Node): ObjectStorageSource | undefined {
  const values = new Map<string, string>()
  const known = ['endpoint', 'region', 'key-file', 'volumes']
  for (const { name, node: value } of yaml.members(node, known, 'object-storage'))
    values.set(name, yaml.text(value, name) ?? '')
  const endpoint = values.get('endpoint') ?? ''
  if (endpoint === LOCAL) {
    const others = [...values.keys()].filter((name) => name !== 'endpoint')
    if (others.length === 0) return { kind: 'local' }
    yaml.note(node, `object-storage on this machine takes no ${others.join(' and no ')}`)
    return undefined
  }
  const address = addressOf(endpoint)
  const keyFile = values.get('key-file') ?? ''
  const region = values.get('region') ?? REGION
  if (address === undefined)
    yaml.note(node, `object-storage needs endpoint: ${LOCAL}, or http(s)://HOST:PORT and no more`)
  if (!isAbsolute(keyFile))
    yaml.note(
      node,
      'object-storage needs key-file: the absolute path of a file with the id of the key on its first line and its secret on the second',
    )
  if (!/^[\w-]+$/.test(region) || region.length > NAME_LENGTH)
    yaml.note(node, 'the region of object-storage must be letters, digits and hyphens')
  const volumes = volumesOf(values.get('volumes'))
  if (volumes && 'problem' in volumes)
    yaml.note(node, `the volumes of object-storage ${volumes.problem}`)
  if (address === undefined || !isAbsolute(keyFile)) return undefined
  const own = volumes && !('problem' in volumes) ? { volumes } : {}
  return { kind: 'endpoint', endpoint: address, region, keyFile, ...own }
}

function volumesOf(text: string | undefined): ObjectVolume | NameProblem | undefined {
  if (text === undefined) return undefined
  const name = objectName(text.endsWith('/') ? text : `${text}/`)
  return 'problem' in name ? name : { bucket: name.bucket, prefix: name.key }
}

/** Buckets stand in paths: nothing else may. */
function addressOf(text: string): string | undefined {
  const url = URL.parse(text)
  const isAddress =
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    // Engines ask the same address, and know no IPv6.
    /^[A-Za-z0-9.-]+$/.test(url.hostname) &&
    url.href === `${url.origin}/`
  return isAddress ? url.origin : undefined
}
