/**
 * Prints the path of the mongod that mongodb-memory-server has here, if any. It is downloaded only if
 * TEST_MONGODB_DOWNLOAD=1: where the network swallows such calls, a test run would hang.
 */
import { DryMongoBinary, MongoBinary } from 'mongodb-memory-server';

const options = await DryMongoBinary.generateOptions();
const path =
  process.env['TEST_MONGODB_DOWNLOAD'] === '1'
    ? await MongoBinary.getPath(options)
    : await DryMongoBinary.locateBinary(options);
process.stdout.write(path ?? '');
