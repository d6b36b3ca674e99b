import { account, DEPLOYER } from '../../../scripts/chain/accounts.js';
import { Passport } from '../../../scripts/chain/passport.js';
import { payloadV1 } from '../../../scripts/chain/payloadV1.js';
import { payloadV2 } from '../../../scripts/chain/payloadV2.js';
import { SimulatedChain, type Block } from '../../../scripts/chain/simulatedChain.js';
import { TransactionMaker } from '../../../scripts/chain/transactions.js';
import {
  badgeMinted,
  block,
  payload,
  PAYLOAD_FORMS,
  PRINTED_BY,
  SAMPLE_PRINTS,
  tx,
  type PrintDescription,
} from '../support/payloads.js';
import type { Tree } from './trees.js';

/**
 * Real payloads to distort: each of the 17 prints in each form, and blocks of the simulated chain with all that a node
 * writes around them. And payloads of blocks of their own that are never distorted: what they say must count.
 */
const START_SEC = Date.UTC(2026, 9, 1) / 1_000;

export async function originals(): Promise<readonly Tree[]> {
  const blocks = await realBlocks();
  const real = blocks.flatMap((mined, index) => [
    payloadV1({ apply: [mined] }, 'raw'),
    payloadV1({ apply: [mined] }, 'decoded'),
    payloadV1({ apply: [], rollback: [mined] }, 'raw'),
    payloadV1({ apply: [mined], rollback: blocks.slice(0, index).reverse() }, 'raw'),
    payloadV2({ apply: [mined] }),
  ]);
  const samples = PAYLOAD_FORMS.flatMap((form) =>
    SAMPLE_PRINTS.map((print, index) =>
      payload(form, { apply: [block(10_000 + index, [tx(`sample ${index}`, [ofOurs(print)])])] }),
    ),
  );
  // What is posted is JSON: undefined fields are gone.
  return JSON.parse(JSON.stringify([...real, ...samples])) as Tree[];
}

/** A community, a template, a mint, an update and a revocation: blocks of one to three transactions. */
async function realBlocks(): Promise<readonly Block[]> {
  const passport = new Passport(new TransactionMaker());
  const [ada, ben, bob] = ['ada', 'ben', 'bob'].map(account) as [string, string, string];
  const chain = await SimulatedChain.start('bad input');
  const template = {
    name: 'Première étape ⭐',
    description: 'Wrote a program',
    category: 'Education',
    defaultLevel: 2,
  };
  const stories = [
    [passport.authorizeIssuer(DEPLOYER, ada), passport.createTemplate(DEPLOYER, template)],
    [passport.createCommunity(ada, 'Stackers', 'People who stack'), passport.addMember(ada, 1, ben, 'member')],
    [
      passport.mint(ada, bob, 1),
      passport.batchMint(ada, [{ recipient: ben, templateId: 1 }]),
      passport.mint(bob, ben, 1),
    ],
    [passport.updateBadge(DEPLOYER, 1, 3, 'Skill'), passport.revoke(DEPLOYER, 2)],
  ];
  stories.forEach((story, index) => chain.mine(START_SEC + index * 3_600, story));
  const { blocks } = chain;
  chain.close();
  return blocks;
}

/** The contracts of the simulated chain's deployer are the ones of the service under test. */
const ofOurs = (print: PrintDescription): PrintDescription => ({
  ...print,
  contract: `${DEPLOYER}.${PRINTED_BY[print.event] ?? 'badge-issuer'}`,
});

/** Badge ids of `witness` blocks begin here: no uint that a distortion puts in comes near. */
export const FIRST_WITNESS = 700_000_000;

/** The block of witness `index`, on a chain of its own high above all others, with one badge: id `FIRST_WITNESS + index`. */
export function witness(index: number): unknown {
  const form = PAYLOAD_FORMS[index % PAYLOAD_FORMS.length] ?? 'raw';
  const mint = tx(`witness ${index}`, [ofOurs(badgeMinted(FIRST_WITNESS + index, { 'template-id': 700 }))]);
  return payload(form, {
    apply: [block(1_000_000 + index, [mint], { fork: 'witness', timestamp: START_SEC + (index % 2_000_000) })],
  });
}
