import { together } from './columns/dump.js';
import { Interner } from './columns/interner.js';
import { PackedStrings } from './columns/packedStrings.js';
import { Prints } from './prints.js';

/** The numbers that strings go by in all folds. A number stays with its string, also when no fact names it any more. */
export class Names {
  readonly principals = new PackedStrings();
  readonly issuers = new Interner();
  readonly templates = new Interner();
  readonly communities = new Interner();
  readonly prints = new Prints();
  readonly stored = together(this.principals.stored, this.issuers, this.templates, this.communities, this.prints);
}
