/** ST_ functions. A shape is a text of the engine's own form (src/native/geometry.ts); what is none gives NULL. */
import { nativeCall } from '../../emit/native.ts'
import type { NativeName } from '../../emit/native.ts'
import { onceAll } from '../../emit/text.ts'
import { define, noted, signature } from './spec.ts'
import type { FunctionSpec } from './spec.ts'

const shapeOf = (name: NativeName, ...args: readonly string[]): string =>
  `decode(${nativeCall(name, ...args)})`

/** Of S2's earth. */
const EARTH_METERS = 6_371_010

/** The haversine formula, as S2 writes it. */
const distance = (degrees: readonly string[]): string =>
  onceAll(degrees, ([lngA = '', latA = '', lngB = '', latB = '']) => {
    const radians = (angle: string): string => `(pi() / 180 * ${angle})`
    const half = (a: string, b: string): string =>
      `pow(sin(0.5::DOUBLE * (${radians(b)} - ${radians(a)})), 2)`
    const square = `${half(latA, latB)} + ${half(lngA, lngB)} * cos(${radians(latA)}) * cos(${radians(latB)})`
    const onEarth = `abs(${lngA}) <= 180 AND abs(${lngB}) <= 180 AND abs(${latA}) <= 90 AND abs(${latB}) <= 90`
    return `CASE WHEN ${onEarth} THEN 2 * asin(sqrt(least(1::DOUBLE, ${square}))) * ${EARTH_METERS}::DOUBLE END`
  })

const fromText = (names: string, kind: 'any' | 'line' | 'polygon'): readonly FunctionSpec[] =>
  define(
    names,
    signature(['varchar'], 'varchar', ([wkt = '']) =>
      shapeOf(`native_shape_from_text_${kind}`, `encode(${wkt})`),
    ),
  )

export const geometryFunctions: readonly FunctionSpec[] = [
  ...noted(
    [
      ...define(
        'st_point',
        signature(['double', 'double'], 'varchar', (args) =>
          shapeOf('native_shape_point', ...args),
        ),
      ),
      ...define(
        'st_circle',
        signature(['double', 'double', 'double'], 'varchar', (args) =>
          shapeOf('native_shape_circle', ...args),
        ),
      ),
      ...fromText('st_geometryfromtext st_geomfromtext', 'any'),
      ...fromText('st_linefromtext st_linestringfromtext', 'line'),
      ...fromText('st_polygon st_polyfromtext st_polygonfromtext', 'polygon'),
    ],
    "the value itself is a text of another form than StarRocks'",
  ),
  ...define(
    'st_x',
    signature(['varchar'], 'double', ([shape = '']) =>
      nativeCall('native_shape_x', `encode(${shape})`),
    ),
  ),
  ...define(
    'st_y',
    signature(['varchar'], 'double', ([shape = '']) =>
      nativeCall('native_shape_y', `encode(${shape})`),
    ),
  ),
  ...define(
    'st_astext st_aswkt',
    signature(['varchar'], 'varchar', ([shape = '']) =>
      shapeOf('native_shape_text', `encode(${shape})`),
    ),
  ),
  ...define(
    'st_contains',
    signature(
      ['varchar', 'varchar'],
      'boolean',
      ([outer = '', inner = '']) =>
        `(${nativeCall('native_shape_contains', `encode(${outer})`, `encode(${inner})`)} <> 0)`,
    ),
  ),
  ...define(
    'st_distance_sphere',
    signature(['double', 'double', 'double', 'double'], 'double', distance),
  ),
]
