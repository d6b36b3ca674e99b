/**
 * Memory of zeros, as any other but for V8's books, in which what is shared does not stand: it would look through the whole
 * heap for every 20 MB that are added, in pauses of 30 ms. Nobody shares it.
 */
export const newBytes = (bytes: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(bytes));

/** The same as signed 32-bit words. */
export const newWords = (words: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * words));
