import { cvToString, Cl } from '@stacks/transactions';
import { account, DEPLOYER } from '../../../scripts/chain/accounts.js';
import { CONTRACTS, Passport } from '../../../scripts/chain/passport.js';
import { SimulatedChain, type Block, type Receipt } from '../../../scripts/chain/simulatedChain.js';
import { TransactionMaker, type Transaction } from '../../../scripts/chain/transactions.js';

/**
 * What happens on the chains of the scenario: a common past, three blocks that lose, four that win in their place, and
 * what follows. Everything is a real contract call in the simnet; only the times of blocks are made up.
 */
export interface Play {
  /** The blocks that both forks share. */
  readonly past: readonly Block[];
  /** The three blocks that lose, and the chain whose contracts know them. */
  readonly lost: readonly Block[];
  readonly losing: SimulatedChain;
  /** The four blocks that win in their place. */
  readonly won: readonly Block[];
  /** What comes after them. */
  readonly future: readonly Block[];
  /** The contracts at the end. */
  readonly winning: SimulatedChain;
  /** Everybody who may hold, own or be a member of something. */
  readonly people: readonly string[];
}

const ISSUERS = ['ada', 'ben', 'cleo'].map(account);
/** Two of them issue badges too: those belong to the communities that they own. */
const OWNERS = ['ada', 'ben', 'fay'].map(account);
const PEOPLE = Array.from({ length: 24 }, (_, index) => account(`person ${index}`));
const RIVALS = { xena: account('xena'), yuri: account('yuri') };
const HEIR = account('heir');
const STRANGER = account('stranger');

const PAST_BLOCKS = 30;
const FUTURE_BLOCKS = 20;
/** 2026-02-02T00:00:00Z, a Monday; blocks are five hours apart, so the scenario spans days, weeks and two months. */
const START_SEC = Date.UTC(2026, 1, 2) / 1_000;
const BLOCK_SEC = 5 * 3_600;

/** A contract that is not ours and says the same, under the name of one of ours. */
const COPYCAT = `(define-public (mint-badge (badge-id uint))
  (begin
    (print { event: "badge-minted", badge-id: badge-id, recipient: tx-sender, template-id: u1, issuer: tx-sender,
      level: u5, category: "Education", block-height: stacks-block-height })
    (ok true)))`;

/** The next block time after the newest block of `chain`. */
function nextTime(chain: SimulatedChain): number {
  return (chain.newest(1)[0]?.timeSec ?? START_SEC - BLOCK_SEC) + BLOCK_SEC;
}

/** The item at `index`, counted round and round. */
function at<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length];
  if (item === undefined) throw new Error('the list is empty');
  return item;
}

export async function perform(): Promise<Play> {
  const passport = new Passport(new TransactionMaker());
  const copycats = new TransactionMaker();
  const losing = await SimulatedChain.start('losing');
  found(losing, passport, copycats);
  for (let index = 0; index < PAST_BLOCKS; index++) await pastBlock(losing, passport, copycats, index);
  const past = [...losing.blocks];

  const winning = await losing.fork(losing.height, 'winning');
  const { lost, won } = contend(losing, winning, passport);

  const future = [];
  for (let index = 0; index < FUTURE_BLOCKS; index++)
    future.push(winning.mine(nextTime(winning), [...daily(passport, index + 7), ...late(winning, passport, index)]));
  const people = [...new Set([...ISSUERS, ...OWNERS, ...PEOPLE, ...Object.values(RIVALS), HEIR, STRANGER, DEPLOYER])];
  return { past, lost, losing, won, future, winning, people };
}

/** Issuers, templates, communities, and the two copycats: another deployer's, and one of our deployer's own. */
function found(chain: SimulatedChain, passport: Passport, copycats: TransactionMaker): void {
  const template = (name: string, category: string, defaultLevel: number): Transaction =>
    passport.createTemplate(DEPLOYER, { name, description: `${name} ✓`, category, defaultLevel });
  chain.mine(
    nextTime(chain),
    ISSUERS.map((issuer) => passport.authorizeIssuer(DEPLOYER, issuer)),
  );
  chain.mine(nextTime(chain), [
    template('Graduate', 'Education', 2),
    template('Speaker', 'Events', 3),
    template('Voter', 'Governance', 1),
    template('Mentor', 'Education', 5),
  ]);
  chain.mine(
    nextTime(chain),
    OWNERS.map((owner, index) => passport.createCommunity(owner, `Community ${index}`, '…')),
  );
  chain.mine(nextTime(chain), [
    copycats.deploy(STRANGER, 'badge-issuer', COPYCAT),
    copycats.deploy(DEPLOYER, 'sandbox', COPYCAT),
  ]);
}

async function pastBlock(
  chain: SimulatedChain,
  passport: Passport,
  copycats: TransactionMaker,
  index: number,
): Promise<void> {
  // Quiet times: a block without any transaction, which no hook delivers.
  if (index % 11 === 5) chain.mine(nextTime(chain), []);
  const transactions = [...daily(passport, index), ...corrections(chain, passport, index)];
  if (index % 4 === 0)
    for (const contract of [`${STRANGER}.badge-issuer`, `${DEPLOYER}.sandbox`])
      transactions.push(copycats.call(STRANGER, contract, 'mint-badge', [Cl.uint(1_000 + index)]));
  // A mint that a post-condition undoes prints the id that the next real mint will have.
  const aborted = index % 10 === 7 ? await abort(chain, passport.mint(at(ISSUERS, index), STRANGER, 1)) : [];
  chain.mine(nextTime(chain), transactions, aborted);
}

/** The receipts of `transaction` as it would run next on `chain`, without running it there. */
async function abort(chain: SimulatedChain, transaction: Transaction): Promise<readonly Receipt[]> {
  const elsewhere = await chain.fork(chain.height, 'elsewhere');
  const { receipts } = elsewhere.mine(nextTime(chain), [transaction]);
  elsewhere.close();
  return receipts;
}

/** What happens in every block: mints, batches, new members, and transactions that fail. */
function daily(passport: Passport, index: number): Transaction[] {
  const issuer = at(ISSUERS, index);
  const transactions = [
    passport.mint(issuer, at(PEOPLE, index), 1 + (index % 4)),
    passport.mint(issuer, at(PEOPLE, index * 5), 1 + (index % 3), 1 + (index % 5)),
    passport.addMember(at(OWNERS, index), 1 + (index % 3), at(PEOPLE, index), 'member'),
  ];
  if (index % 3 === 0) {
    const pairs = [0, 1, 2, 0].map((step) => ({ recipient: at(PEOPLE, index + step), templateId: 1 + (step % 4) }));
    transactions.push(passport.batchMint(issuer, pairs));
  }
  if (index % 5 === 0)
    transactions.push(
      passport.mint(STRANGER, STRANGER, 1),
      passport.mint(issuer, STRANGER, 99),
      passport.batchMint(issuer, [
        { recipient: STRANGER, templateId: 1 },
        { recipient: STRANGER, templateId: 99 },
      ]),
    );
  return transactions;
}

/** What is said again or otherwise of what there is: updates, revocations (some of them twice), settings, permissions. */
function corrections(chain: SimulatedChain, passport: Passport, index: number): Transaction[] {
  const badge = (number: number): [issuer: string, id: number] => {
    const issuer = /\(issuer (\w+)\)/.exec(cvToString(chain.read(CONTRACTS.badgeIssuer, 'get-badge', Cl.uint(number))));
    return [issuer?.[1] ?? DEPLOYER, number];
  };
  const owner = at(OWNERS, index);
  const community = 1 + (index % 3);
  const person = at(PEOPLE, index * 3);
  switch (index % 6) {
    case 1: {
      // Twice in one block, by the issuer; a third time five blocks on, by an admin.
      const [issuer, id] = badge(index);
      return [passport.revoke(issuer, id), passport.revoke(issuer, id)];
    }
    case 2: {
      const [issuer, id] = badge(index);
      return [passport.updateBadge(issuer, id, 4, 'Events'), passport.updateBadge(issuer, id, 5, 'Arts')];
    }
    case 3:
      return [
        passport.updateBadge(DEPLOYER, index - 1, 1, 'Governance'),
        passport.updateSettings(owner, community, { publicBadges: true, memberRequests: false, approval: true }),
      ];
    case 4:
      return [
        passport.suspend(DEPLOYER, person),
        passport.setPermissions(DEPLOYER, person, {
          createCommunities: true,
          issueBadges: false,
          admin: false,
          suspended: true,
        }),
        passport.unsuspend(DEPLOYER, person),
      ];
    case 5:
      return [
        passport.setCommunityPermissions(owner, community, person, {
          role: 'moderator',
          issueBadges: false,
          manageMembers: true,
          createTemplates: false,
          revokeBadges: true,
        }),
      ];
    default:
      return index === 0 ? [] : [passport.revoke(DEPLOYER, index - 5), passport.revoke(STRANGER, index + 1)];
  }
}

/**
 * Three blocks against four. The two rivals found their communities in the other order, so the ids differ per fork, and
 * what names id 4 means another community; most transactions come back in another block, one mint never does.
 */
function contend(losing: SimulatedChain, winning: SimulatedChain, passport: Passport): Pick<Play, 'lost' | 'won'> {
  const [ada] = ISSUERS as [string];
  const xena = passport.createCommunity(RIVALS.xena, 'Xena’s', 'first on one fork, second on the other');
  const yuri = passport.createCommunity(RIVALS.yuri, 'Yuri’s', 'second on one fork, first on the other');
  const joinsXena = passport.addMember(RIVALS.xena, 4, at(PEOPLE, 20), 'member');
  const joinsYuri = passport.addMember(RIVALS.yuri, 4, at(PEOPLE, 21), 'member');
  const batch = passport.batchMint(
    ada,
    [1, 2, 3].map((index) => ({ recipient: at(PEOPLE, index), templateId: index })),
  );
  const mints = [22, 23, 22].map((person, index) => passport.mint(ada, at(PEOPLE, person), 1 + index));
  const never = passport.mint(ada, HEIR, 4);
  const revoke = passport.revoke(ada, 4);
  const update = passport.updateBadge(DEPLOYER, 5, 3, 'Arts');
  const onlyHere = [passport.mint(ada, at(PEOPLE, 9), 2), passport.createCommunity(HEIR, 'Late', 'only on the winner')];

  const mine = (chain: SimulatedChain, ...blocks: Transaction[][]): Block[] =>
    blocks.map((transactions) => chain.mine(nextTime(chain), transactions));
  return {
    lost: mine(losing, [xena, at(mints, 0), never], [joinsXena, yuri, batch], [at(mints, 1), revoke, joinsYuri]),
    won: mine(
      winning,
      [yuri, at(mints, 1)],
      [joinsXena, joinsYuri, xena, update],
      [batch, at(mints, 2)],
      [at(mints, 0), revoke, ...onlyHere],
    ),
  };
}

/** What ends the story: a community handed over, one given up, badges of the reorganised blocks revoked twice. */
function late(chain: SimulatedChain, passport: Passport, index: number): Transaction[] {
  const newest = Number(cvToString(chain.read(CONTRACTS.badgeIssuer, 'get-issued-count')).slice(1));
  const [ada, ben] = OWNERS as [string, string];
  switch (index) {
    case 3:
      return [passport.transferOwnership(ada, 1, HEIR), passport.authorizeIssuer(DEPLOYER, HEIR)];
    case 5:
      return [passport.mint(HEIR, at(PEOPLE, 4), 1)];
    case 7:
      return [passport.deactivate(ben, 2), passport.deactivate(ben, 2)];
    case 9:
      return [passport.revokeIssuer(DEPLOYER, at(ISSUERS, 2))];
    default:
      return [passport.revoke(DEPLOYER, newest - 15), passport.revoke(DEPLOYER, newest - 15)];
  }
}
