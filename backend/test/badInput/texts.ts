import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Random } from '../../../scripts/demo/random.js';

/**
 * What can be wrong around the JSON of a delivery: its text is cut or holds what JSON does not know, its bytes are no
 * UTF-8, its headers promise something else than there is, or it grows without end when it is unpacked.
 */
interface Sent {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is sent, what is wrong with it, and what it may be answered. */
export interface Mutant {
  readonly kinds: readonly string[];
  readonly answers: readonly number[];
  readonly sent: Sent;
}

export const JSON_TYPE = { 'content-type': 'application/json' };

/** What has no place in JSON. */
const NO_JSON = ['NaN', 'Infinity', '-Infinity', 'undefined', '// a remark', "'x'", '01', '+1', '.5', '\u0001', ',,'];
/** No UTF-8: a lone continuation, a cut sequence, an overlong slash, a surrogate, beyond Unicode. */
const NO_UTF8 = [[0x80], [0xe2, 0x82], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80], [0xff]];
const TYPES = ['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/jsonx', '', 'json'];
const ENCODINGS = ['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip', 'x-unknown'];
const CHARSETS = ['utf-8', 'utf-16', 'latin1', 'nonsense', '"'];
const BOMB_BYTES = 60 * 1024 * 1024;

const plain = (body: Uint8Array | string): Sent => ({ body: Buffer.from(body), headers: JSON_TYPE });

const spliced = (text: string, random: Random, insert: string): string => {
  const at = random.whole(0, text.length);
  return text.slice(0, at) + insert + text.slice(at);
};

interface Spoil {
  readonly kind: string;
  /** What it may be answered: one status, unless it depends on where the text was spoiled. */
  readonly answers: readonly number[];
  readonly spoil: (text: string, random: Random) => Sent;
}

const TAKEN = [200];
const REFUSED = [400];
const EITHER = [200, 400];

const SPOILS: readonly Spoil[] = [
  {
    kind: 'truncated JSON',
    answers: REFUSED,
    spoil: (text, random) => plain(text.slice(0, random.whole(0, text.length - 1))),
  },
  {
    kind: 'JSON without its beginning',
    answers: REFUSED,
    spoil: (text, random) => plain(text.slice(random.whole(1, text.length - 1))),
  },
  {
    kind: 'noise somewhere',
    answers: EITHER,
    spoil: (text, random) => plain(spliced(text, random, random.pick(NO_JSON) ?? '')),
  },
  // In place of a value, where a careless writer would put it.
  { kind: 'NaN', answers: REFUSED, spoil: (text) => plain(text.replace(/:\d+/, ':NaN')) },
  {
    kind: 'a value that is no JSON',
    answers: REFUSED,
    spoil: (text, random) => plain(text.replace(/:\d+/, `:${random.pick(NO_JSON) ?? ''}`)),
  },
  { kind: 'a comma too many', answers: REFUSED, spoil: (text) => plain(text.replace(/}$/, ',}')) },
  {
    kind: 'something behind the JSON',
    answers: REFUSED,
    spoil: (text, random) => plain(text + (random.pick([text, ' null', '\0', '}']) ?? '')),
  },
  { kind: 'a byte order mark', answers: TAKEN, spoil: (text) => plain(`\ufeff${text}`) },
  {
    kind: 'invalid UTF-8',
    answers: REFUSED,
    spoil: (text, random) => {
      const at = random.whole(1, text.length - 1);
      const bytes = Buffer.from(text);
      return plain(Buffer.concat([bytes.subarray(0, at), Buffer.from(random.pick(NO_UTF8) ?? []), bytes.subarray(at)]));
    },
  },
  { kind: 'UTF-16', answers: REFUSED, spoil: (text) => plain(Buffer.from(text, 'utf16le')) },
  {
    kind: 'another content type',
    answers: TAKEN,
    spoil: (text, random) => ({ ...plain(text), headers: { 'content-type': random.pick(TYPES) ?? '' } }),
  },
  {
    kind: 'another charset',
    answers: TAKEN,
    spoil: (text, random) => ({
      ...plain(text),
      headers: { 'content-type': `application/json; charset=${random.pick(CHARSETS) ?? ''}` },
    }),
  },
  {
    kind: 'said to be packed, and not',
    answers: REFUSED,
    spoil: (text, random) => ({ ...plain(text), headers: encoded(random.pick(ENCODINGS) ?? 'gzip') }),
  },
  {
    kind: 'truncated gzip',
    answers: REFUSED,
    spoil: (text, random) => {
      const cut = gzipSync(text);
      return { body: cut.subarray(0, random.whole(1, cut.length - 1)), headers: encoded('gzip') };
    },
  },
  {
    kind: 'broken gzip',
    answers: EITHER,
    spoil: (text, random) => {
      const broken = gzipSync(text);
      broken[random.whole(0, broken.length - 1)] = random.whole(0, 255);
      return { body: broken, headers: encoded('gzip') };
    },
  },
  // Well-formed, and packed: these must be taken.
  { kind: 'gzip', answers: TAKEN, spoil: (text) => ({ body: gzipSync(text), headers: encoded('gzip') }) },
  { kind: 'deflate', answers: TAKEN, spoil: (text) => ({ body: deflateSync(text), headers: encoded('deflate') }) },
  { kind: 'brotli', answers: TAKEN, spoil: (text) => ({ body: brotliCompressSync(text), headers: encoded('br') }) },
];

/** The text of a payload, wrapped or written wrongly in one way. */
export function spoiled(text: string, random: Random): Mutant {
  const { kind, answers, spoil } = SPOILS[random.whole(0, SPOILS.length - 1)] as Spoil;
  return { kinds: [kind], answers, sent: spoil(text, random) };
}

const FILLERS = ['[', ' ', '{"apply":[', '\0'];
const packed = new Map<string, Uint8Array>();

/** Some 60 kB that unpack to more than a delivery may have. Made once a kind: packing takes longer than refusing. */
export function bomb(filling: number): Mutant {
  const filler = FILLERS[filling % FILLERS.length] ?? ' ';
  const body = packed.get(filler) ?? gzipSync(Buffer.alloc(BOMB_BYTES, filler));
  packed.set(filler, body);
  return { kinds: ['gzip bomb'], answers: [413], sent: { body, headers: encoded('gzip') } };
}

function encoded(encoding: string): Readonly<Record<string, string>> {
  return { ...JSON_TYPE, 'content-encoding': encoding };
}
