import { wordIn } from './word.js';

test('the word of a writer of an older version is heard, though it says less', () => {
  const older = {
    reign: 'one',
    lastDeliveryAtMs: null,
    nodeTip: null,
    predicates: [],
    snapshotsSeq: 0,
    snapshots: { count: 0, last: [] },
    alerts: { count: 0, last: [] },
    boards: 3,
    quarantine: 0,
  };
  expect(wordIn(JSON.stringify(older))).toEqual(older);
  expect(wordIn(JSON.stringify({ ...older, boards: 'three' }))).toBeUndefined();
  expect(wordIn('none')).toBeUndefined();
});
