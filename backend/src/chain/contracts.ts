/**
 * The five contracts of a PassportX deployer. Prints of any other contract are not ours, whatever they say.
 */
export const CONTRACT_NAMES = [
  'badge-issuer',
  'badge-metadata',
  'community-manager',
  'access-control',
  'passport-nft',
] as const;

/** Contract identifiers (`deployer.name`) whose prints count. */
export function contractsOf(deployer: string): ReadonlySet<string> {
  return new Set(CONTRACT_NAMES.map((name) => `${deployer}.${name}`));
}
