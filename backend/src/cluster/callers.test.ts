import { Callers } from './callers.js';

/** Who called, as told by the connection, by another process, and by proxies. */
const callers = new Callers('a key of all processes', ['10.0.0.0/8', '192.0.2.1', 'fd00::/8']);
const behind = (connection: string, said?: string): string =>
  callers.addressOf(said === undefined ? {} : { 'x-forwarded-for': said }, connection);

test('a proxy that is trusted is believed, of any number of them the last that is not', () => {
  expect(behind('10.1.2.3', '203.0.113.7')).toBe('203.0.113.7');
  expect(behind('192.0.2.1', '198.51.100.9, 203.0.113.7,10.0.0.1')).toBe('203.0.113.7');
  expect(behind('fd00::1', '2001:db8::7')).toBe('2001:db8::7');
  // As a socket that listens on IPv6 shows addresses of IPv4.
  expect(behind('::ffff:10.1.2.3', '203.0.113.7')).toBe('203.0.113.7');
  expect(behind('10.1.2.3', '10.0.0.2, 10.0.0.1')).toBe('10.0.0.2');
});

test('nobody else is, and who says nothing of use stands for itself', () => {
  expect(behind('203.0.113.7', '198.51.100.9')).toBe('203.0.113.7');
  expect(behind('192.0.2.2', '198.51.100.9')).toBe('192.0.2.2');
  for (const said of [undefined, '', ' , ']) expect(behind('10.1.2.3', said)).toBe('10.1.2.3');
  expect(behind('10.1.2.3', '203.0.113.7, unknown')).toBe('unknown');
  expect(new Callers('a key').addressOf({ 'x-forwarded-for': '198.51.100.9' }, '127.0.0.1')).toBe('127.0.0.1');
});

test('what another process says goes before what was said to it', () => {
  const headers = { 'passportx-forwarded': callers.sealed('203.0.113.7'), 'x-forwarded-for': '198.51.100.9' };
  expect(callers.addressOf(headers, '10.1.2.3')).toBe('203.0.113.7');
  const forged = { ...headers, 'passportx-forwarded': new Callers('another key').sealed('203.0.113.7') };
  expect(callers.addressOf(forged, '127.0.0.1')).toBe('127.0.0.1');
});

test.each(['', '10.0.0.0/33', '10.0.0.0/', '10.0.0', 'proxy', 'fd00::/129', '10.0.0.1/8/8'])(
  '"%s" is neither an address nor a range',
  (named) => {
    expect(() => new Callers('a key', [named])).toThrow(RangeError);
  },
);
