import { mongo } from 'mongoose';
import { databaseOf, withDatabase, withOption, withPort } from './mongoUri.js';

/** As the driver reads it, which connects to nothing for that. */
async function read(uri: string) {
  const client = new mongo.MongoClient(uri);
  const { hosts, replicaSet, credentials, directConnection } = client.options;
  await client.close();
  return {
    hosts: hosts.map(String),
    database: client.options.dbName,
    replicaSet,
    user: credentials?.username,
    account: credentials?.source,
    directConnection,
  };
}

describe('an address of MongoDB', () => {
  const hosts = ['a:27017', 'b:27018'];

  test('that names the members of a replica set keeps them, and its options, with another database', async () => {
    const uri = withDatabase('mongodb://a:27017,b:27018/?replicaSet=rs', 'test_1');
    expect(await read(uri)).toMatchObject({ hosts, database: 'test_1', replicaSet: 'rs' });
    expect(databaseOf(uri)).toBe('test_1');
    expect(withDatabase('mongodb://a:27017,b:27018', 'test_1')).toBe('mongodb://a:27017,b:27018/test_1');
  });

  test.each([
    ['mongodb://u:p%2Fw%40@a:27017,b:27018/?replicaSet=rs', 'admin'],
    ['mongodb://u:p%2Fw%40@a:27017,b:27018', 'admin'],
    ['mongodb://u:p%2Fw%40@a:27017,b:27018/people?replicaSet=rs', 'people'],
    ['mongodb://u:p%2Fw%40@a:27017,b:27018/people?authSource=users', 'users'],
  ])('%s: who connects is looked for where it was', async (given, account) => {
    expect((await read(given)).account).toBe(account);
    expect(await read(withDatabase(given, 'test_1'))).toMatchObject({ hosts, database: 'test_1', user: 'u', account });
  });

  test('takes an option, and another port', async () => {
    const uri = withOption('mongodb://a/x?appName=old&replicaSet=rs', 'appName', 'new');
    expect(uri).toBe('mongodb://a/x?replicaSet=rs&appName=new');
    expect(withOption('mongodb://a:27017,b:27018/x', 'monitorCommands', 'true')).toBe(
      'mongodb://a:27017,b:27018/x?monitorCommands=true',
    );
    const moved = ['mongodb://a:1/x?directConnection=true', 'mongodb://a/x?directConnection=true'];
    for (const address of moved)
      expect(await read(withPort(address, 2))).toMatchObject({ hosts: ['a:2'], database: 'x', directConnection: true });
    expect(() => withPort('mongodb://a:1,b:1/x', 2)).toThrow('several servers');
  });
});
