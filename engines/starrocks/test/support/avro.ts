/** A file of Avro with the rows (1, 'one', [1.5]) and (2, NULL, []). reference: Apache Avro, "Object container files" */

const schema = JSON.stringify({
  type: 'record',
  name: 'r',
  fields: [
    { name: 'k', type: 'long' },
    { name: 'v', type: ['null', 'string'] },
    { name: 'd', type: { type: 'array', items: 'double' } },
  ],
})

/** Zigzag, for numbers of one byte or two. */
const long = (value: number): Buffer =>
  value < 64 ? Buffer.from([value * 2]) : Buffer.from([((value * 2) & 0x7f) | 0x80, value >> 6])

const bytes = (content: Uint8Array | string): Buffer =>
  Buffer.concat([long(Buffer.byteLength(content)), Buffer.from(content)])

const double = Buffer.alloc(8)
double.writeDoubleLE(1.5)

const rows = Buffer.concat([
  long(1),
  long(1),
  bytes('one'),
  long(1),
  double,
  long(0),
  long(2),
  long(0),
  long(0),
])
const sync = Buffer.alloc(16, 7)

/** `count` as the block claims it. */
export const avroOf = (count: number): Buffer =>
  Buffer.concat([
    Buffer.from('Obj\u0001'),
    long(2),
    bytes('avro.schema'),
    bytes(schema),
    bytes('avro.codec'),
    bytes('null'),
    long(0),
    sync,
    long(count),
    bytes(rows),
    sync,
  ])

export const avroFile = avroOf(2)
