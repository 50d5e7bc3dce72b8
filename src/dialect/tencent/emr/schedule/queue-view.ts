/** The tree of queues as the JSON text that clients read (reference: api.json, DescribeYarnQueue). */
import { childrenOf, nameOf, parentOf, root, settingsOf } from './queue.ts'
import { queueKeys, shownValue, type QueueKey } from './queue-key.ts'
import type { Properties, Scheduler } from './schedule.ts'

export const partition = '<DEFAULT_PARTITION>'
export const onlySet = 'default'

export function queueTree(it: Properties, scheduler: Scheduler, path = root): unknown {
  const settings = settingsOf(it, scheduler, path)
  const valuesIn = (place: QueueKey['place']) =>
    Object.fromEntries(
      queueKeys[scheduler]
        .filter((key) => key.place === place)
        .map((key) => [key.name, shownValue(key, settings[key.name])]),
    )
  const place = {
    name: nameOf(path),
    myId: path,
    parentId: path === root ? root : parentOf(path),
    isDefault: path === `${root}.default` ? true : null,
    isRoot: path === root ? true : null,
  }
  const queues = childrenOf(it, scheduler, path).map((each) => queueTree(it, scheduler, each))
  if (scheduler === 'fair')
    return {
      ...place,
      ...valuesIn('basic'),
      configSets: [{ name: onlySet, ...valuesIn('set') }],
      queues,
    }
  const labels = [{ labelName: partition, ...valuesIn('label') }]
  return {
    ...place,
    configs: [{ configName: onlySet, labels, ...valuesIn('set') }],
    'default-node-label-expression': null,
    ...valuesIn('basic'),
    queues,
  }
}
