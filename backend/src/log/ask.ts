import { LogUnavailableError } from './log.js';

/** Calls to MongoDB, with errors that the rest of the service knows. @throws {LogUnavailableError} instead of what the driver throws. */
export async function ask<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof LogUnavailableError) throw error;
    throw new LogUnavailableError(`MongoDB did not answer: ${messageOf(error)}`, { cause: error });
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether a write was refused because there is such an `_id` already. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY;

const DUPLICATE_KEY = 11_000;
