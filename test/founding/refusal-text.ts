/** Reads the sentences of refusals as a person does: which parameter, which value, why, and what instead. */
import type { ReadRefusal } from './refusal.ts'

const TENCENT: readonly RegExp[] = [
  /^The value(?: `(?<value>.*?)`)? specified in the parameter `(?<name>[\w.]+)` is not valid: (?<rule>.+); an example is `(?<example>.*)`\.$/s,
  /^The request is missing a required parameter `(?<name>[\w.]+)`\. (?<rule>An example is) `(?<example>.*)`\.$/s,
  /^The value type of the parameter `(?<name>[\w.]+)` is wrong\. It should be `(?<rule>\w+)`\.(?: The value is `(?<value>.*?)`\.)? An example is `(?<example>.*)`\.$/s,
  /^`(?<name>[\w.]+)` is not supported: (?<rule>.+); the value is `(?<value>.*?)`, (?:leave it out|leave MultiDisks out|give one of them|give it there, as .*|for example (?<example>.*))\.$/s,
  /^The parameter `(?<name>[\w.]+)` is not recognized\. There are (?<rule>.+)\.$/s,
]

export function tencentRefusals(message: string): readonly ReadRefusal[] {
  for (const form of TENCENT) {
    const found = form.exec(message)?.groups
    if (found)
      return [
        {
          name: found['name'] ?? '',
          value: found['value'],
          rule: found['rule'] ?? '',
          example: found['example'],
        },
      ]
  }
  return []
}

export function alibabaRefusals(message: string): readonly ReadRefusal[] {
  const missing =
    /^(?:The input parameter )?"?(?<name>[\w.]+)"? (?:that )?is mandatory .*\. An example is (?<example>.+)\.$/s.exec(
      message,
    )?.groups
  if (missing) return [sentence(missing, 'is mandatory')]
  const type =
    /^The specified parameter (?<name>[\w.]+) is not valid\. It should be (?<rule>\w+)(?:, not (?<value>.+?))?, for example (?<example>.+)\.$/s.exec(
      message,
    )?.groups
  if (type) return [sentence(type, type['rule'] ?? '')]
  const [, problems = '', explained = ''] =
    /^Invalid params: \[(.+)\]\. (.+)\.$/s.exec(message) ?? []
  const parts = explained.split(/; (?=[A-Z]\w*(?:\.\d+)?(?:\.\w+)?(?: is |, for ))/)
  return parts.flatMap((part) => {
    const found = /^(?<name>[\w.]+)(?: is (?<value>.*?))?, for example (?<example>.*)$/s.exec(
      part,
    )?.groups
    return found ? [sentence(found, problems)] : []
  })
}

/** Messages of this cloud count positions from 1. */
function sentence(found: Readonly<Record<string, string | undefined>>, rule: string): ReadRefusal {
  const name = (found['name'] ?? '').replace(
    /\.(\d+)(?=\.|$)/g,
    (_, at: string) => `.${Number(at) - 1}`,
  )
  return { name, value: found['value'], rule, example: found['example'] }
}
