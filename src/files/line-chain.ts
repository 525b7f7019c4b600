import { sha256Of } from './sha256.js';

/** A line of a chained file: one JSON object, and the SHA-256 of a file that belongs to it. */
export interface ChainedLine {
  /** The object as it was written. */
  readonly text: string;
  readonly file: string | null;
}

const sealed = /^(\{.*\}),"seal":\{"file":(null|"[0-9a-f]{64}"),"chain":"([0-9a-f]{64})"\}\}$/s;

/** What the chain of a file begins with: the SHA-256 of what the file is about. */
export function chainStart(about: object): string {
  return sha256Of(JSON.stringify(about));
}

/**
 * The line of a JSON object, with a last field `seal`: { file, chain }, chain the SHA-256 of the chain before it, the object and `file`. So no line can be altered, left out,
 * doubled or moved unnoticed, and the last chain stands for all lines.
 */
export function chainedLine(
  { text, file }: ChainedLine,
  before: string,
): { readonly line: string; readonly chain: string } {
  const chain = sha256Of(`${before}\n${text}\n${String(file)}`);
  const seal = JSON.stringify({ file, chain });
  return { line: `${text.slice(0, -1)},"seal":${seal}}\n`, chain };
}

/** The line without its seal, and the chain after it; undefined where it does not follow. */
export function openLine(line: string, before: string): (ChainedLine & { readonly chain: string }) | undefined {
  const at = line.lastIndexOf(',"seal":{"file":');
  const match = at < 0 ? null : sealed.exec(`${line.slice(0, at)}}${line.slice(at)}`);
  if (match === null) return undefined;
  const found: ChainedLine = { text: match[1]!, file: JSON.parse(match[2]!) as string | null };
  const { chain } = chainedLine(found, before);
  return chain === match[3] ? { ...found, chain } : undefined;
}
