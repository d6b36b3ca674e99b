/** Every page there is, with the ids that the story knows. */
import { principal } from '../../../backend/test/support/payloads';

/** Those that ask for something of their own: the chain's is what every page asks for. */
export const PAGES_WITH_DATA = [
  '/',
  '/badges/',
  '/badge/?id=1',
  '/communities/',
  '/community/?id=1',
  '/users/',
  `/user/?id=${principal('alice')}`,
  `/issuer/?id=${principal('issuer')}`,
  '/activity/',
  '/compare/',
  '/compare/?mode=communities',
  '/boards/',
  '/snapshots/',
  '/alerts/',
];
export const PAGES = [...PAGES_WITH_DATA, '/chain/', '/settings/'];
