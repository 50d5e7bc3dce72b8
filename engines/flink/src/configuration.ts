/** Flink's configuration and how it logs. */

export type Properties = Readonly<Record<string, string | number | boolean>>

/** A line for each; a text of JSON is one of YAML. */
export function flinkYaml(properties: Properties): string {
  const lines = Object.entries(properties).map(
    ([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}\n`,
  )
  return lines.join('')
}

const LOG_FILE = 'daemon-log.properties'
export const LOG_OPTION = `-Dlog4j.configurationFile=${LOG_FILE}`

/** To the daemon's own log, in parts. */
export const logging: Readonly<Record<string, string>> = {
  [LOG_FILE]: `status = warn
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = daemon.log
appender.file.filePattern = daemon.log.%i
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d %p %c{2}: %m%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 10MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.fileIndex = min
appender.file.strategy.max = 5
rootLogger.level = info
rootLogger.appenderRef.file.ref = file
`,
}
