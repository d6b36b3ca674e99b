/**
 * Addresses of MongoDB, which name several servers with a port each, and are no URLs for that:
 * `mongodb://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE?OPTIONS`.
 */
interface Parts {
  /** With the scheme and who connects. */
  readonly servers: string;
  readonly database: string;
  readonly options: readonly string[];
}

function partsOf(uri: string): Parts {
  const [, servers, database = '', options = ''] =
    /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/([^?]*))?(?:\?(.*))?$/.exec(uri) ?? [];
  if (servers === undefined) throw new Error('this is no address of MongoDB');
  return { servers, database, options: options.split('&').filter(Boolean) };
}

const joined = ({ servers, database, options }: Parts): string =>
  `${servers}/${database}${options.length > 0 ? '?' : ''}${options.join('&')}`;

export const databaseOf = (uri: string): string => partsOf(uri).database;

/** The same servers, options and user, whose account stays where it was looked for. */
export function withDatabase(uri: string, database: string): string {
  const parts = partsOf(uri);
  const hasUser = parts.servers.includes('@') && parts.options.every((option) => !/^authSource=/i.test(option));
  const account = hasUser ? [`authSource=${parts.database === '' ? 'admin' : parts.database}`] : [];
  return joined({ ...parts, database, options: [...parts.options, ...account] });
}

export function withOption(uri: string, name: string, value: string): string {
  const parts = partsOf(uri);
  const others = parts.options.filter((option) => !option.toLowerCase().startsWith(`${name.toLowerCase()}=`));
  return joined({ ...parts, options: [...others, `${name}=${value}`] });
}

/** Of one server. */
export function withPort(uri: string, port: number): string {
  const parts = partsOf(uri);
  if (parts.servers.includes(',')) throw new Error('these are several servers, of which none was named');
  return joined({ ...parts, servers: parts.servers.replace(/(:\d+)?$/, `:${port}`) });
}
