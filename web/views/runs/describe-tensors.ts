import type { OpenedRun } from './opened-run.js';
import type { FileHandle } from './run-file.js';
import { sealProblemOf, tensorFileOf } from './tensor-file.js';

/** How many tensors are named. */
const most = 12;

/** What a safetensors file without a run says of itself: its tensors and, where a run wrote it, the step, and whether it is as it was written. Nothing throws. */
export async function describeTensors(file: FileHandle): Promise<OpenedRun> {
  const none = { name: file.path, run: null, subspace: null, records: [] };
  try {
    const found = await tensorFileOf(file, file.path);
    const { entries, metadata } = found;
    const tensors = entries.slice(0, most).map(({ name, shape, dtype }) => `${name} [${shape.join(', ')}] ${dtype}`);
    const step = metadata.get('step');
    const seal = metadata.has('sha256') ? await sealProblemOf(file, found) : null;
    return {
      ...none,
      problems: typeof seal === 'string' ? [`${file.path}: ${seal}`] : [],
      notes: [
        `${entries.length} tensors: ${tensors.join('; ')}${entries.length > most ? '; …' : ''}`,
        ...(step === undefined ? [] : [`weights of step ${step} of a run: add its records.jsonl`]),
        ...(seal === undefined ? ['as it was written: its SHA-256 fits'] : []),
      ],
    };
  } catch (error) {
    return { ...none, problems: [(error as Error).message], notes: [] };
  }
}
