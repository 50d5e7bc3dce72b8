/**
 * ModifyBootScript: other scripts at one moment, for the nodes that the cluster gets from now on (reference: tencent-emr.md 2.3,
 * appendix B, api.json). Unlike in a creation, the arguments of a script are one text.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { inOrder } from '../../../../domain/script.ts'
import { choice, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { invalid } from '../refusal.ts'
import {
  bootstrapSecrets,
  momentOf,
  momentWords,
  readBootstrap,
  secretNamesOf,
} from './bootstrap.ts'
import { clusterId, clusterResource } from './cluster-id.ts'

const script = object({
  Path: optional(text()),
  Args: optional(text()),
  Bucket: optional(text()),
  Region: optional(text()),
  Domain: optional(text()),
  RunOrder: optional(integer()),
  WhenRun: optional(text()),
  CosFileName: optional(text()),
  CosFileURI: optional(text()),
  CosSecretId: optional(text({ secret: true })),
  CosSecretKey: optional(text({ secret: true })),
  AppId: optional(text()),
  Remark: optional(text()),
})

const SET_LENGTH = 8

export const modifyBootScript = action({
  name: 'ModifyBootScript',
  input: {
    InstanceId: clusterId('InvalidParameter'),
    BootType: choice(momentWords, { code: 'InvalidParameter' }),
    PreExecutedFileSettings: optional(list(script)),
  },
  output: {},
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    const { BootType: moment, PreExecutedFileSettings: asked = [] } = input
    const settings = asked.map(({ Args = '', WhenRun = moment, ...rest }, index) => {
      if (WhenRun !== moment) {
        const name = `PreExecutedFileSettings.${index}.WhenRun`
        const rule = `it must be the request's BootType, ${moment}`
        throw invalid({ name, code: 'InvalidParameter', rule, value: WhenRun })
      }
      const args = Args.split(/\s+/).filter((each) => each !== '')
      return { ...rest, WhenRun, Args: args }
    })
    const set = `boot-${core.random.base36(SET_LENGTH)}`
    const own = readBootstrap(settings, set)
    const at = momentOf(moment)
    await core.clusters.setScripts(call, input.InstanceId, (was) => {
      requireMade(was)
      const { scripts = [] } = was.spec
      const running = new Set(was.change?.scripts?.map(({ id }) => id))
      const replaced = scripts.filter((each) => each.moment === at && !running.has(each.id))
      const others = scripts.filter((each) => each.moment !== at)
      return {
        scripts: inOrder([...others, ...own]),
        secrets: bootstrapSecrets(settings, set),
        stale: secretNamesOf(replaced),
      }
    })
    return {}
  },
})

/** One that is being made runs those that it was made with. Throws FailedOperation. */
function requireMade({ id, status: { state } }: Cluster): void {
  if (state !== 'creating' && state !== 'unpaid') return
  const rule = 'the cluster is being made with the scripts that it has'
  throw invalid({ name: 'InstanceId', code: 'FailedOperation', rule, value: id })
}
