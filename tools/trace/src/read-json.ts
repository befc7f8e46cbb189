/** The text is not what it was taken for; the message says where and why. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

const [OPEN, CLOSE, LIST, END, COMMA, QUOTE, ESCAPE] = Buffer.from('{}[],"\\');
const BLANK = new Set(Buffer.from(' \t\r\n\ufeff'));

/**
 * Every outermost object of JSON text: of one object, of a list, of a list of lists, or one object a line. Each is parsed by itself, so the text may be
 * longer than the longest string. @throws UnreadableError
 */
export async function* objectsOf(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Record<string, unknown>> {
  let depth = 0; // of objects and lists inside of the outermost object
  let lists = 0;
  let inText = false;
  let escaped = false;
  let offset = 0;
  let parts: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let begin = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === ESCAPE) escaped = true;
        else if (byte === QUOTE) inText = false;
      } else if (byte === OPEN || byte === LIST) {
        if (depth > 0) depth++;
        else if (byte === LIST) lists++;
        else {
          depth = 1;
          begin = at;
        }
      } else if (byte === CLOSE || byte === END) {
        if (depth === 0) {
          if (byte === CLOSE || lists === 0) throw unexpected(chunk, at, offset);
          lists--;
        } else if (--depth === 0) {
          yield parsed([...parts, chunk.subarray(begin, at + 1)], offset + at);
          parts = [];
        }
      } else if (depth > 0) {
        if (byte === QUOTE) inText = true;
      } else if (byte !== COMMA && !BLANK.has(byte ?? 0)) throw unexpected(chunk, at, offset);
    }
    if (depth > 0) parts.push(chunk.subarray(begin));
    offset += chunk.length;
  }
  if (depth > 0 || lists > 0)
    throw new UnreadableError(`the text ends in the middle, after ${offset} bytes`);
}

function unexpected(chunk: Uint8Array, at: number, offset: number): UnreadableError {
  const sign = String.fromCharCode(chunk[at] ?? 0);
  return new UnreadableError(
    `not JSON: ${JSON.stringify(sign)} at byte ${offset + at} is outside of an object`,
  );
}

function parsed(parts: readonly Uint8Array[], end: number): Record<string, unknown> {
  try {
    const text = Buffer.concat(parts).toString('utf8');
    return JSON.parse(text) as Record<string, unknown>; // begins with {
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'it is not JSON' : 'it is too long';
    throw new UnreadableError(`the object that ends at byte ${end} cannot be read: ${why}`, {
      cause,
    });
  }
}
