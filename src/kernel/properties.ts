/** A file of Java's properties, of values that are one line each. */
export type Properties = Readonly<Record<string, string | number | boolean>>

export function propertiesText(properties: Properties): string {
  const lines = Object.entries(properties).map(
    ([name, value]) => `${name}=${String(value).replaceAll('\\', '\\\\')}\n`,
  )
  return lines.join('')
}
