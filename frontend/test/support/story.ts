/** A short chain with a bit of everything, its blocks minutes old, so that the page has something to show today. */
import {
  badgeMinted,
  block,
  principal,
  print,
  tx,
  type BlockDescription,
} from '../../../backend/test/support/payloads';

const TEMPLATES = ['Clarity Graduate', 'First Pull Request', 'Node Operator'];
const CATEGORIES = ['education', 'open-source', 'community'];
const PEOPLE = ['alice', 'bob', 'carol', 'dave'];

/** Block times end at `endSeconds` (since the epoch), a minute apart. */
export class Story {
  private badges = 0;

  constructor(private readonly endSeconds: number) {}

  /** Height 1: three badges designed, a community with two members. */
  founding(): BlockDescription {
    const templates = TEMPLATES.map((name, index) =>
      print('template-created', {
        'template-id': index + 1,
        name,
        description: name,
        category: CATEGORIES[index] ?? 'other',
        'default-level': 1,
        creator: principal('issuer'),
      }),
    );
    const community = print('community-created', {
      'community-id': 1,
      name: 'Clarity Guild',
      description: 'People who write Clarity',
      owner: principal('issuer'),
    });
    const member = print('community-member-added', {
      'community-id': 1,
      member: principal('alice'),
      role: 'member',
      'added-by': principal('issuer'),
    });
    return this.at(1, [tx('founding', [...templates, community, member])]);
  }

  /** A block in which `count` badges are issued, each in a transaction of its own. */
  mints(height: number, count: number, fork = 'A', parentFork = fork): BlockDescription {
    const transactions = Array.from({ length: count }, () => {
      const id = ++this.badges;
      const which = id % TEMPLATES.length;
      const fields = {
        recipient: principal(PEOPLE[id % PEOPLE.length] ?? 'alice'),
        'template-id': which + 1,
        category: CATEGORIES[which] ?? 'other',
        level: 1 + (id % 3),
      };
      return tx(`mint ${id}`, [badgeMinted(id, fields)]);
    });
    return this.at(height, transactions, fork, parentFork);
  }

  private at(
    height: number,
    transactions: Parameters<typeof block>[1],
    fork = 'A',
    parentFork = fork,
  ): BlockDescription {
    return block(height, transactions, { fork, parentFork, timestamp: this.endSeconds - 3_600 + height * 60 });
  }
}
