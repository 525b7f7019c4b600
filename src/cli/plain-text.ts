/**
 * What a terminal would obey instead of show: C0 and C1 controls with DEL, line and paragraph separators, marks that turn the direction of
 * reading, and halves of surrogate pairs.
 */
const unshown = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The characters of a text that is not ours, those that a terminal would obey as escapes: `\n`, `\u001b`. Always one line. */
export function plainText(text: string): string {
  return text.replace(unshown, (character) => named[character] ?? escapeOf(character));
}

/** The same text within a JSON document, which reads the escapes as what they stand for: lossless. */
export function plainJson(document: string): string {
  return document.replace(unshown, (character) => (character === '\n' ? character : escapeOf(character))); // line ends are layout: those in strings are escaped
}

/** A message is not longer than this: some screens of a terminal. */
const longest = 2000; // characters

/** One line with what a message says, its middle left out in words where it is longer than 2000 characters. */
export function oneLine(message: string): string {
  const line = plainText(message);
  if (line.length <= longest) return line;
  const note = (count: number): string => ` … ${count.toLocaleString('en')} characters left out … `;
  const kept = Math.floor((longest - note(line.length).length) / 2);
  return plainText(line.slice(0, kept)) + note(line.length - 2 * kept) + plainText(line.slice(-kept)); // a cut pair is shown as its half
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
