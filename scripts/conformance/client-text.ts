/**
 * The texts in which the suite's results are recorded: those of its client, which turns what the wire says into numbers, dates and
 * times of Python and prints these.
 */

/** A value as the suite prints it. `type` is the wire's name of the column's type. */
export function clientText(type: string, bytes: Buffer | null): string {
  if (bytes === null) return 'None'
  const text = decode(bytes)
  switch (type) {
    case 'FLOAT':
    case 'DOUBLE':
      return floatText(text)
    case 'DECIMAL':
    case 'NEWDECIMAL':
      return decimalText(text)
    case 'DATETIME':
    case 'TIMESTAMP':
      return momentText(text)
    case 'TIME':
      return durationText(text)
    default:
      return text
  }
}

/** Bytes that are no UTF-8 are printed as a literal of bytes. */
function decode(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  if (!text.includes('\uFFFD')) return text
  if (Buffer.from(text, 'utf8').equals(bytes)) return text
  const shown = [...bytes].map((byte) => {
    if (byte === 0x5c) return '\\\\'
    if (byte === 0x0a) return '\\n'
    if (byte === 0x0d) return '\\r'
    if (byte === 0x09) return '\\t'
    return byte >= 0x20 && byte < 0x7f
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`
  })
  const body = shown.join('')
  return body.includes("'") && !body.includes('"')
    ? `b"${body}"`
    : `b'${body.replaceAll("'", "\\'")}'`
}

/** The shortest digits that give the number back, with an exponent below 1e-4 and from 1e16 on. */
export function floatText(text: string): string {
  const value = Number(text)
  if (Number.isNaN(value)) return text.toLowerCase()
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (value === 0) return Object.is(value, -0) || text.startsWith('-') ? '-0.0' : '0.0'
  const [mantissa = '', power = '0'] = value.toExponential().split('e')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= 16) {
    const sign = exponent < 0 ? '-' : '+'
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  const plain = value.toFixed(Math.max(1, mantissa.replace(/[-.]/g, '').length - 1 - exponent))
  return plain
}

export function decimalText(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (!match) return text
  const [, sign = '', whole = '', fraction = ''] = match
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/, '')
  const adjusted = digits.length - 1 - fraction.length
  if (adjusted >= -6) return fraction === '' ? `${sign}${digits}` : text
  const mantissa = digits.length === 1 ? digits : `${digits[0] ?? ''}.${digits.slice(1)}`
  return `${sign}${mantissa}E${String(adjusted)}`
}

function momentText(text: string): string {
  const match = /^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})\.(\d{1,6})$/.exec(text)
  if (!match) return text
  const micros = (match[2] ?? '').padEnd(6, '0')
  return micros === '000000' ? (match[1] ?? '') : `${match[1] ?? ''}.${micros}`
}

export function durationText(text: string): string {
  const match = /^(-?)(\d+):(\d{2}):(\d{2})(?:\.(\d{1,6}))?$/.exec(text)
  if (!match) return text
  const [, sign, hours, minutes, seconds, fraction = ''] = match
  const micros = Number(fraction.padEnd(6, '0'))
  const whole = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1_000_000 + micros
  const total = sign === '-' ? -whole : whole
  const day = 86_400_000_000
  const days = Math.floor(total / day)
  const rest = total - days * day
  const clock = [
    String(Math.floor(rest / 3_600_000_000)),
    String(Math.floor(rest / 60_000_000) % 60).padStart(2, '0'),
    String(Math.floor(rest / 1_000_000) % 60).padStart(2, '0'),
  ].join(':')
  const part = rest % 1_000_000 === 0 ? '' : `.${String(rest % 1_000_000).padStart(6, '0')}`
  const dayText = days === 0 ? '' : `${String(days)} day${Math.abs(days) === 1 ? '' : 's'}, `
  return `${dayText}${clock}${part}`
}

/** An error as the suite prints it: the pair of number and message of its client. */
export function errorText(code: number, message: string): string {
  return `E: (${String(code)}, ${quoted(message)})`
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const body = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
  return `${quote}${quote === "'" ? body.replaceAll("'", "\\'") : body}${quote}`
}
