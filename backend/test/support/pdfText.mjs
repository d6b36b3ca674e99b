/** Prints the text of a PDF from standard input, a JSON list with one text a page: pdf.js is an ES module, which jest is not. */
import { buffer } from 'node:stream/consumers';
import { extractText } from 'unpdf';

const { text } = await extractText(new Uint8Array(await buffer(process.stdin)));
process.stdout.write(JSON.stringify(text));
