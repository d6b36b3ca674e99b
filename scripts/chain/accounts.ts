import { createHash } from 'node:crypto';
import { AddressVersion, addressFromVersionHash, addressToString } from '@stacks/transactions';

/**
 * Principals of the simulated chain. An account is its name: the same name is the same address in every run. Nobody
 * holds a key to them, since the simnet asks for no signature.
 */

/** Clarinet's first devnet account, which is also what the service takes for the deployer on devnet. */
export const DEPLOYER = 'ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM';

/** The testnet address of the account `name`, in c32 form. */
export function account(name: string): string {
  const hash160 = createHash('sha256').update(`passportx:${name}`).digest('hex').slice(0, 40);
  return addressToString(addressFromVersionHash(AddressVersion.TestnetSingleSig, hash160));
}
