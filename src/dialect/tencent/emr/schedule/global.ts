/** Settings of a whole scheduler, by the names of the interface (reference: api.json, DescribeGlobalConfig, examples.json). */
export interface GlobalSetting {
  readonly name: string
  readonly key: string
  readonly desc: string
  readonly prompt: string
  readonly isRight: (value: string) => boolean
}

const CAPACITY = 'yarn.scheduler.capacity'

export const mappingOverride = `${CAPACITY}.queue-mappings-override.enable`
export const userMaxApps = 'userMaxAppsDefault'

const isCount = (value: string) => /^(-1|\d{1,9})$/.test(value)
const isFlag = (value: string) => value === 'true' || value === 'false'

export const defaultSettings: readonly GlobalSetting[] = [
  {
    name: 'node-locality-delay',
    key: `${CAPACITY}.node-locality-delay`,
    desc: '保证任务本地化执行，可以延迟调度的次数，如果值为 -1，将禁用延迟调度。',
    prompt: '请输入-1和0、正整数',
    isRight: isCount,
  },
  {
    name: 'multiple-assignments-enabled',
    key: `${CAPACITY}.per-node-heartbeat.multiple-assignments-enabled`,
    desc: '是否允许在一次NodeManager心跳中分配多个容器。默认为true。需重启ResourceManager。',
    prompt: '请输入true或者false',
    isRight: isFlag,
  },
  {
    name: 'maximum-container-assignments',
    key: `${CAPACITY}.per-node-heartbeat.maximum-container-assignments`,
    desc: '如果multiple-assignments-enabled为true，在一次NodeManager心跳中可以分配的最大容器数量。需重启ResourceManager。',
    prompt: '请输入-1和正整数',
    isRight: isCount,
  },
  {
    name: 'resource-calculator',
    key: `${CAPACITY}.resource-calculator`,
    desc: '用于比较调度程序中的资源的ResourceCalculator实现。需重启ResourceManager。',
    prompt: '输入请参考描述信息',
    isRight: (value) => /^[\w.]{1,256}$/.test(value),
  },
]

export { isFlag }
