/** Flink's configuration and how it logs. */

export type Properties = Readonly<Record<string, string | number | boolean>>

/** A line for each; a text of JSON is one of YAML. */
export function flinkYaml(properties: Properties): string {
  const lines = Object.entries(properties).map(
    ([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}\n`,
  )
  return lines.join('')
}

export const LOG_OPTION = '-Dlog4j2.configurationFile=daemon-log.properties'
