import type { Change } from '../events/fact.js';
import type { Distribution } from './distribution.js';
import type { Names } from './names.js';
import type { Users } from './users.js';

export interface ForesightParts {
  readonly names: Names;
  readonly distribution: Distribution;
  readonly users: Users;
}

/** Changes to look at before they are folded: what they are about has room in the cache of one core. */
export const AHEAD = 64;

/**
 * Looks at what the mints of the next changes are about: their recipients, the pairs of template and recipient, the last
 * days of those. Of a large state folding waits for memory more than for anything else, for one thing after the other; of
 * many changes at a time the same is waited for at the same time. Nothing is changed, and nothing depends on it.
 */
export class Foresight {
  readonly #templates = new Int32Array(AHEAD);
  readonly #recipients = new Int32Array(AHEAD);
  /** Of no meaning: without something that comes of it V8 would see that nothing is read for anything, and read nothing. */
  sum = 0;

  constructor(private readonly parts: ForesightParts) {}

  /** @param changes `AHEAD` at the most */
  look(changes: readonly Change[]): void {
    const { names, distribution, users } = this.parts;
    const recipients: string[] = [];
    for (const { fact } of changes) {
      if (fact.type !== 'badge_issued') continue;
      this.#templates[recipients.length] = names.templates.find(fact.props.templateId);
      recipients.push(fact.props.recipient);
    }
    const count = recipients.length;
    this.sum ^= names.principals.fetch(recipients, this.#recipients);
    this.sum ^= distribution.fetch(this.#templates, this.#recipients, count);
    this.sum ^= users.fetch(this.#recipients, count);
  }
}
