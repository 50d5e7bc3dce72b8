/** Shapes as text: WKT of points, lines and polygons, in degrees. reference: StarRocks' wkt_lex.l, wkt_yacc.y, geo_types.cpp */

/** Longitude and latitude. */
export type Coordinate = readonly [number, number]

export type WrittenShape =
  | { readonly kind: 'point'; readonly at: Coordinate }
  | { readonly kind: 'line'; readonly through: readonly Coordinate[] }
  | { readonly kind: 'polygon'; readonly loops: readonly (readonly Coordinate[])[] }

const NUMBER = /^-?(?:\d*\.?\d+(?:[eE][-+]?\d+)?|\d+\.?)$/

/** Undefined: no such text. Nothing is said of whether the coordinates are on the earth. */
export function parseShape(text: string): WrittenShape | undefined {
  const [, name = '', body = ''] = /^\s*([a-z]+)\s*\((.*)\)\s*$/is.exec(text) ?? []
  switch (name.toLowerCase()) {
    case 'point': {
      const at = coordinateOf(body)
      return at && { kind: 'point', at }
    }
    case 'linestring': {
      const through = coordinatesOf(body)
      return through && { kind: 'line', through }
    }
    case 'polygon': {
      const loops = loopsOf(body)
      return loops && { kind: 'polygon', loops }
    }
    default:
      return undefined
  }
}

function coordinateOf(text: string): Coordinate | undefined {
  const [x = '', y = '', ...more] = text.trim().split(/\s+/)
  const isPair = more.length === 0 && NUMBER.test(x) && NUMBER.test(y)
  return isPair ? [Number(x), Number(y)] : undefined
}

function coordinatesOf(text: string): readonly Coordinate[] | undefined {
  const all = text.split(',').map(coordinateOf)
  return all.every((each) => each !== undefined) ? all : undefined
}

function loopsOf(text: string): readonly (readonly Coordinate[])[] | undefined {
  const [, inside] = /^\s*\((.*)\)\s*$/s.exec(text) ?? []
  if (inside === undefined) return undefined
  const loops = inside.split(/\)\s*,\s*\(/).map(coordinatesOf)
  return loops.every((each) => each !== undefined) ? loops : undefined
}

export const pointText = (at: Coordinate): string => `POINT (${pairText(at)})`

export const lineText = (through: readonly Coordinate[]): string =>
  `LINESTRING (${through.map(pairText).join(', ')})`

/** The first vertex of each loop is its last one, too. */
export const polygonText = (loops: readonly (readonly Coordinate[])[]): string => {
  const texts = loops.map((loop) => `(${[...loop, ...loop.slice(0, 1)].map(pairText).join(', ')})`)
  return `POLYGON (${texts.join(', ')})`
}

export const circleText = (center: Coordinate, radiusMeters: number): string =>
  `CIRCLE ((${pairText(center)}), ${digits(radiusMeters)})`

const pairText = ([lng, lat]: Coordinate): string => `${digits(lng)} ${digits(lat)}`

/** Twelve digits that count, as C++ prints them: `%.12g`. */
function digits(value: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential(11).split('e')
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const power = Number(exponent)
  if (power >= -4 && power < 12) return plainDigits(value, 11 - power)
  return `${short}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

function plainDigits(value: number, behind: number): string {
  const text = value.toFixed(behind)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
