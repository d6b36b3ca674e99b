import { Random } from '../../demo/random.js';
import { ClarityWriter, type Write } from './clarityWriter.js';

/**
 * The prints of the benchmark, the same ones for the same seed: 50 issuers, 2,000 templates and 500 communities are
 * founded first, then comes the mix that issue 5 fixes. People and badges recur as they do on a chain: whoever is
 * revoked or updated was minted before.
 */
export interface BenchPrint {
  readonly event: string;
  /** Name of the contract that prints it. */
  readonly contract: string;
  readonly hex: string;
  /** How many facts it states. */
  readonly facts: number;
}

export const SHAPE = { issuers: 50, templates: 2_000, communities: 500, batch: 20, months: 24 } as const;

/** Share of each kind of print, in percent. `others` are those that move few numbers, one after the other. */
export const MIX = {
  'badge-minted': 70,
  'batch-badges-minted': 5,
  'community-member-added': 10,
  'badge-revoked': 5,
  'badge-metadata-updated': 5,
  others: 5,
} as const;

/** A batch states as many facts as it has badges; one of the four others, `passport-badge-minted`, states none. */
export const FACTS_PER_PRINT = (100 + MIX['batch-badges-minted'] * (SHAPE.batch - 1) - MIX.others / 4) / 100;

const CATEGORIES = [
  'skill',
  'participation',
  'contribution',
  'leadership',
  'learning',
  'community',
  'event',
  'special',
];
const ROLES = ['member', 'moderator', 'admin'];
const LEVELS = 5;
/** Version byte of single-signature testnet addresses. */
const TESTNET = 26;

const uint =
  (value: number): Write =>
  (writer) =>
    writer.uint(value);
const ascii =
  (text: string): Write =>
  (writer) =>
    writer.ascii(text);
const utf8 =
  (text: string): Write =>
  (writer) =>
    writer.utf8(text);
const flag =
  (value: boolean): Write =>
  (writer) =>
    writer.flag(value);
const principal =
  (address: Buffer): Write =>
  (writer) =>
    writer.principal(address);

export class Prints {
  readonly #random: Random;
  readonly #writer = new ClarityWriter();
  readonly #issuers: readonly Buffer[];
  #badges = 0;
  #batches = 0;
  #others = 0;
  #height = 0;

  /** @param users how many people there are to receive badges and to become members */
  constructor(
    seed: number,
    private readonly users: number,
  ) {
    this.#random = new Random(seed);
    this.#issuers = Array.from({ length: SHAPE.issuers }, (_, i) => address('issuer', i));
  }

  /** What must be there first: every issuer, community and template. */
  *founding(height: number): Generator<BenchPrint> {
    this.#height = height;
    for (const issuer of this.#issuers)
      yield this.#print('access-control', 'issuer-authorized', {
        issuer: principal(issuer),
        'authorized-by': principal(address('admin', 0)),
      });
    for (let id = 1; id <= SHAPE.communities; id += 1)
      yield this.#print('community-manager', 'community-created', {
        'community-id': uint(id),
        name: utf8(`Community ${id}`),
        description: utf8('People who build on Stacks together'),
        owner: principal(this.#issuers[id - 1] ?? this.#user()),
      });
    for (let id = 1; id <= SHAPE.templates; id += 1)
      yield this.#print('badge-metadata', 'template-created', {
        'template-id': uint(id),
        name: utf8(`Template ${id}`),
        description: utf8('Given for what one did'),
        category: ascii(this.#category()),
        'default-level': uint(1),
        creator: principal(this.#issuer()),
      });
  }

  /** The next print of the mix. @param height of the block that it stands in */
  next(height: number): BenchPrint {
    this.#height = height;
    let left = this.#random.next() * 100;
    if ((left -= MIX['badge-minted']) < 0 || this.#badges === 0) return this.#mint();
    if ((left -= MIX['batch-badges-minted']) < 0) return this.#batch();
    if ((left -= MIX['community-member-added']) < 0) return this.#member();
    if ((left -= MIX['badge-revoked']) < 0) return this.#revocation();
    if ((left -= MIX['badge-metadata-updated']) < 0) return this.#update();
    return this.#other();
  }

  #mint(): BenchPrint {
    return this.#print('badge-issuer', 'badge-minted', {
      'badge-id': uint((this.#badges += 1)),
      recipient: principal(this.#user()),
      'template-id': uint(this.#template()),
      issuer: principal(this.#issuer()),
      level: uint(this.#level()),
      category: ascii(this.#category()),
    });
  }

  #batch(): BenchPrint {
    const places = Array.from({ length: SHAPE.batch }, () => (this.#badges += 1));
    const recipients = places.map(() => this.#user());
    const templates = places.map(() => this.#template());
    return this.#print('badge-issuer', 'batch-badges-minted', {
      'batch-id': uint((this.#batches += 1)),
      issuer: principal(this.#issuer()),
      recipients: (writer) => writer.list(recipients, (user) => writer.principal(user)),
      'template-ids': (writer) => writer.list(templates, (id) => writer.uint(id)),
      'badge-ids': (writer) => writer.list(places, (id) => writer.uint(id)),
      count: uint(SHAPE.batch),
    });
  }

  #member(): BenchPrint {
    return this.#print('community-manager', 'community-member-added', {
      'community-id': uint(this.#community()),
      member: principal(this.#user()),
      role: ascii(ROLES[this.#random.whole(0, ROLES.length - 1)] ?? 'member'),
      'added-by': principal(this.#issuer()),
    });
  }

  #revocation(): BenchPrint {
    return this.#print('badge-issuer', 'badge-revoked', {
      'badge-id': uint(this.#random.whole(1, this.#badges)),
      issuer: principal(this.#issuer()),
      'revoked-by': principal(this.#issuer()),
    });
  }

  #update(): BenchPrint {
    return this.#print('badge-metadata', 'badge-metadata-updated', {
      'badge-id': uint(this.#random.whole(1, this.#badges)),
      'old-level': uint(this.#level()),
      'new-level': uint(this.#level()),
      'old-category': ascii(this.#category()),
      'new-category': ascii(this.#category()),
      'updated-by': principal(this.#issuer()),
    });
  }

  /** In turn, so that a run of any length has them all. */
  #other(): BenchPrint {
    this.#others += 1;
    switch (this.#others % 4) {
      case 0:
        return this.#print('community-manager', 'community-settings-updated', {
          'community-id': uint(this.#community()),
          'public-badges': flag(this.#random.chance(0.5)),
          'allow-member-requests': flag(true),
          'require-approval': flag(false),
          'updated-by': principal(this.#issuer()),
        });
      case 1:
        return this.#print('passport-nft', 'passport-badge-minted', {
          'token-id': uint(Math.max(1, this.#badges)),
          recipient: principal(this.#user()),
          'minted-by': principal(this.#issuer()),
        });
      case 2:
        return this.#print('access-control', 'user-suspended', {
          user: principal(this.#user()),
          'suspended-by': principal(this.#issuer()),
        });
      default:
        return this.#print('community-manager', 'community-ownership-transferred', {
          'community-id': uint(this.#community()),
          'old-owner': principal(this.#issuer()),
          'new-owner': principal(this.#user()),
        });
    }
  }

  #print(contract: string, event: string, fields: Readonly<Record<string, Write>>): BenchPrint {
    const hex = this.#writer.tuple({ event: ascii(event), ...fields, 'block-height': uint(this.#height) });
    const facts = event === 'batch-badges-minted' ? SHAPE.batch : event === 'passport-badge-minted' ? 0 : 1;
    return { event, contract, hex, facts };
  }

  #user = (): Buffer => address('user', this.#random.whole(0, this.users - 1));
  #issuer = (): Buffer => this.#issuers[this.#random.whole(0, SHAPE.issuers - 1)] ?? address('issuer', 0);
  #template = (): number => this.#random.whole(1, SHAPE.templates);
  #community = (): number => this.#random.whole(1, SHAPE.communities);
  #level = (): number => this.#random.whole(1, LEVELS);
  #category = (): string => CATEGORIES[this.#random.whole(0, CATEGORIES.length - 1)] ?? 'skill';
}

const KINDS = ['user', 'issuer', 'admin'] as const;

/** An address that nobody holds a key to: the same kind and number give the same one, others another. */
export function address(kind: (typeof KINDS)[number], number: number): Buffer {
  const bytes = Buffer.alloc(21);
  bytes[0] = TESTNET;
  bytes[1] = KINDS.indexOf(kind);
  bytes.writeUInt32BE(number, 2);
  // Bytes that look like a hash, so that nothing compresses or hashes better than in life.
  for (let at = 6, mixed = number + 1; at < 21; at += 1) {
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0x5bd1e995) + at;
    bytes[at] = mixed >>> 16;
  }
  return bytes;
}
