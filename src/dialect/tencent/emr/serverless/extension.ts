/** What clients read back of a serverless instance beside what the core knows. Version 1 is the first. */
import { Type, type Static } from '../../../../shape/schema.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { ExtensionDecoder } from '../../../../domain/cluster/extension.ts'
import { documentReader } from '../../../../shape/document.ts'

const HEAD = { dialect: 'tencent', version: 1 } as const

const head = { dialect: Type.Literal(HEAD.dialect), version: Type.Literal(HEAD.version) }

const instanceShape = Type.Object({
  ...head,
  /** 0 and 1 as they are sent; 2 without notice. */
  renewFlag: Type.Integer({ minimum: 0, maximum: 2 }),
})

const groupShape = Type.Object({ ...head })

export type ServerlessExtension = Static<typeof instanceShape>

export function newServerlessExtension(renewFlag: number): ServerlessExtension {
  return { ...HEAD, renewFlag }
}

export const zoneExtension = { ...HEAD }

/** Was decoded when the document was loaded, or made above. */
export function serverlessExtension({ extension }: Pick<Cluster, 'extension'>) {
  return extension as ServerlessExtension
}

export const serverlessDecoder: ExtensionDecoder = {
  dialect: HEAD.dialect,
  cluster: documentReader(instanceShape),
  group: documentReader(groupShape),
}
