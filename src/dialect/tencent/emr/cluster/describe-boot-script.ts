/** DescribeBootScript: the bootstrap scripts of a cluster by the moment at which they run (reference: tencent-emr.md 2.3, api.json). */
import type { Script, ScriptMoment } from '../../../../domain/script.ts'
import {
  choice,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
} from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { momentWords } from './bootstrap.ts'
import { clusterId, clusterResource } from './cluster-id.ts'

/** Unlike in a creation, its arguments are one text. */
const script = object({
  Path: text(),
  Args: text(),
  Bucket: text(),
  Region: text(),
  Domain: text(),
  RunOrder: integer(),
  WhenRun: text(),
  CosFileName: text(),
  CosFileURI: text(),
  CosSecretId: text(),
  CosSecretKey: text(),
  AppId: text(),
  Remark: text(),
})

export const describeBootScript = action({
  name: 'DescribeBootScript',
  input: {
    InstanceId: clusterId('InvalidParameter'),
    BootType: optional(choice(momentWords, { code: 'InvalidParameter' })),
  },
  output: {
    Detail: object({
      ResourceAfter: list(script),
      ClusterBefore: list(script),
      ClusterAfter: list(script),
      ServiceBefore: list(script),
    }),
  },
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, BootType: asked }) {
    const { scripts = [] } = (await core.clusters.get(call, id)).spec
    const at = (moment: ScriptMoment, word: (typeof momentWords)[number]) =>
      asked !== undefined && asked !== word
        ? []
        : scripts.filter((each) => each.moment === moment).map((each) => viewScript(each, word))
    return {
      Detail: {
        ResourceAfter: at('nodes-ready', 'resourceAfter'),
        ClusterBefore: at('before-start', 'clusterBefore'),
        ClusterAfter: at('after-start', 'clusterAfter'),
        // No script of this kind can be given.
        ServiceBefore: [],
      },
    }
  },
})

/** The keys of its storage are never shown. What cannot be separated from its address is part of that. */
function viewScript(
  { name, uri, args, order, remark }: Script,
  word: string,
): Static<typeof script> {
  return {
    Path: '',
    Args: args.join(' '),
    Bucket: '',
    Region: '',
    Domain: '',
    RunOrder: order,
    WhenRun: word,
    CosFileName: name,
    CosFileURI: uri,
    CosSecretId: '',
    CosSecretKey: '',
    AppId: '',
    Remark: remark,
  }
}
