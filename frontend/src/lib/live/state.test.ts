import { liveKind } from './state';

test('a chain that stands still is stale only while we could hear of it', () => {
  expect(liveKind('connected', false)).toBe('connected');
  expect(liveKind('connected', true)).toBe('stale');
  expect(liveKind('offline', true)).toBe('offline');
});
