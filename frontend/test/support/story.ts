/** A short chain with a bit of everything, its blocks a minute apart, so that the page has something to show. */
import {
  badgeMinted,
  block,
  principal,
  print,
  tx,
  type BlockDescription,
  type TransactionDescription,
} from '../../../backend/test/support/payloads';

const TEMPLATES = ['Clarity Graduate', 'First Pull Request', 'Node Operator'];
const CATEGORIES = ['education', 'open-source', 'community'];
const PEOPLE = ['alice', 'bob', 'carol', 'dave'];

const DAY_SECONDS = 86_400;

/** Tells the chain block by block and keeps which fork won at each height. */
export class Story {
  private badges = 0;
  /** Name of the winning fork, by height from 1. */
  private readonly forks: string[] = [];

  /** @param nowSeconds block times lie in the hour before this moment, in seconds since the epoch, a minute apart */
  constructor(private readonly nowSeconds: number) {}

  /** The first block: three badges designed, a community with two members. */
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
    return this.append('A', [tx('founding', [...templates, community, member])]);
  }

  /** The next block, in which `count` badges are issued, each in a transaction of its own. */
  mints(count: number): BlockDescription {
    return this.append(this.forks.at(-1) ?? 'A', this.mintTransactions(count));
  }

  /** The next block, in which `count` badges of one template are issued in a single transaction. */
  batch(count: number): BlockDescription {
    const mints = this.mintTransactions(count, 1);
    return this.append(this.forks.at(-1) ?? 'A', [
      tx(
        `batch of ${mints[0]?.txId}`,
        mints.flatMap(({ prints }) => prints),
      ),
    ]);
  }

  /** The next block, in which communities with the ids from 2 to `last` are founded, each with its founder alone. */
  communities(last: number): BlockDescription {
    const founded = Array.from({ length: last - 1 }, (_, index) => {
      const name = `Guild ${index + 2}`;
      const fields = { 'community-id': index + 2, name, description: name, owner: principal('bob') };
      return tx(name, [print('community-created', fields)]);
    });
    return this.append(this.forks.at(-1) ?? 'A', founded);
  }

  /** The next block, by its time `days` earlier, in which `count` badges of one template are issued. */
  earlier(days: number, template: number, count: number): BlockDescription {
    return this.append(this.forks.at(-1) ?? 'A', this.mintTransactions(count, template), days * DAY_SECONDS);
  }

  /** The next block, by its time `days` earlier, in which a badge of each of these categories is issued. */
  ofCategories(days: number, categories: readonly string[]): BlockDescription {
    const mints = categories.map((category) => {
      const id = ++this.badges;
      const fields = { recipient: principal('alice'), 'template-id': 1, category, level: 1 };
      return tx(`mint ${id}`, [badgeMinted(id, fields)]);
    });
    return this.append(this.forks.at(-1) ?? 'A', mints, days * DAY_SECONDS);
  }

  /** A block of another fork in place of the newest one, with `count` badges of its own. */
  instead(count: number): BlockDescription {
    const lost = this.forks.pop() ?? 'A';
    return this.append(`${lost}'`, this.mintTransactions(count));
  }

  private mintTransactions(count: number, template?: number): TransactionDescription[] {
    return Array.from({ length: count }, () => {
      const id = ++this.badges;
      const which = template === undefined ? id % TEMPLATES.length : template - 1;
      const fields = {
        recipient: principal(PEOPLE[id % PEOPLE.length] ?? 'alice'),
        'template-id': which + 1,
        category: CATEGORIES[which] ?? 'other',
        level: 1 + (id % 3),
      };
      return tx(`mint ${id}`, [badgeMinted(id, fields)]);
    });
  }

  private append(fork: string, transactions: readonly TransactionDescription[], earlierSeconds = 0): BlockDescription {
    const parentFork = this.forks.at(-1) ?? 'A';
    const height = this.forks.push(fork);
    return block(height, transactions, {
      fork,
      parentFork,
      timestamp: this.nowSeconds - 3_600 + height * 60 - earlierSeconds,
    });
  }
}
