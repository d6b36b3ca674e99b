import { IncomingMessage, ServerResponse, type ServerOptions } from 'node:http';
import type { Express } from 'express';

/**
 * What a server is to make requests and answers of, so that they are Express' own from the start. Express makes Node's into
 * its own by giving each another prototype, which V8 pays for wherever they are used from then on: a delivery took 1.4
 * times as long to its acknowledgement. Where they have that prototype already there is nothing to change.
 *
 * To be called once for an app; any number of servers may use what it returns.
 */
export function expressClasses(app: Express): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class Request extends IncomingMessage {}
  class Response extends ServerResponse {}
  Object.setPrototypeOf(Request.prototype, app.request);
  Object.setPrototypeOf(Response.prototype, app.response);
  app.request = Request.prototype as typeof app.request;
  app.response = Response.prototype as typeof app.response;
  return { IncomingMessage: Request, ServerResponse: Response } as Pick<
    ServerOptions,
    'IncomingMessage' | 'ServerResponse'
  >;
}
