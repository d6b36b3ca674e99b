import { AnswerCache, MAX_ANSWERS, MAX_CHARACTERS, type Kept } from './answerCache.js';

/** What is kept, for how long, and what makes room. */
const answer = (body: string): Kept => ({ body, atMs: 0, seq: 1 });

async function asked(
  cache: AnswerCache,
  question: string,
  version = '1',
  body = `{"q":"${question}"}`,
): Promise<boolean> {
  return (await cache.get(question, version, () => Promise.resolve(answer(body)))).fresh;
}

it('computes an answer once for a version, and anew for another', async () => {
  const cache = new AnswerCache(60_000);
  expect([await asked(cache, 'a'), await asked(cache, 'a'), await asked(cache, 'a', '2')]).toEqual([true, false, true]);
  expect(cache.statistics()).toEqual({ hits: 1, misses: 2, hitRate: 0.33 });
});

it('computes an answer once for those who ask at the same time', async () => {
  const cache = new AnswerCache(60_000);
  let computed = 0;
  const compute = async (): Promise<Kept> => {
    computed += 1;
    await new Promise(setImmediate);
    return answer('{"n":1}');
  };
  await Promise.all(Array.from({ length: 20 }, () => cache.get('a', '1', compute)));
  expect(computed).toBe(1);
});

it('tries again after a failure', async () => {
  const cache = new AnswerCache(60_000);
  await expect(cache.get('a', '1', () => Promise.reject(new Error('busy')))).rejects.toThrow('busy');
  expect(await asked(cache, 'a')).toBe(true);
});

it('drops the oldest when there are too many', async () => {
  const cache = new AnswerCache(60_000);
  for (let index = 0; index <= MAX_ANSWERS; index++) await asked(cache, String(index));
  expect([await asked(cache, String(MAX_ANSWERS)), await asked(cache, '1'), await asked(cache, '0')]).toEqual([
    false,
    false,
    true,
  ]);
});

it('drops the oldest when they are too long together, and keeps none that is too long alone', async () => {
  const cache = new AnswerCache(60_000);
  const half = 'x'.repeat(MAX_CHARACTERS / 2);
  for (const question of ['a', 'b', 'c']) await asked(cache, question, '1', half);
  expect([await asked(cache, 'c'), await asked(cache, 'b'), await asked(cache, 'a', '1', half)]).toEqual([
    false,
    false,
    true,
  ]);
  for (const fresh of [true, true]) expect(await asked(cache, 'long', '1', `${half}${half}x`)).toBe(fresh);
});

it('keeps nothing when the time to live is 0', async () => {
  const cache = new AnswerCache(0);
  expect([await asked(cache, 'a'), await asked(cache, 'a')]).toEqual([true, true]);
});
