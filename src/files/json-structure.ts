/**
 * What JSON.parse passes over in silence, in one walk over a text that need not be JSON: objects that hold a key twice, and nesting
 * beyond `depth`. Returns the problem in words, or undefined.
 *
 * Keys are compared as written, escapes resolved. Cost: O(length); memory for the keys of the open objects.
 */
export function structuralProblem(text: string, depth: number): string | undefined {
  const open: (Set<string> | undefined)[] = []; // an object's keys; undefined for an array
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') {
      if (open.length === depth) return `it is nested deeper than ${depth} levels`;
      open.push(character === '{' ? new Set() : undefined);
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === '"') {
      const start = at;
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
      const keys = open.at(-1);
      if (keys === undefined || !isFollowedByColon(text, at + 1)) continue;
      const key = unescaped(text.slice(start, at + 1));
      if (keys.has(key)) return `it holds the key ${JSON.stringify(key)} twice`;
      keys.add(key);
    }
  }
  return undefined;
}

function isFollowedByColon(text: string, from: number): boolean {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\n' || text[at] === '\r') at++;
  return text[at] === ':';
}

/** The string a literal stands for; the literal itself where it is not JSON, which JSON.parse will say. */
function unescaped(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal;
  }
}
