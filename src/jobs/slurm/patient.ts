import { SlurmAway } from './array-queue.js';

/**
 * Asks Slurm something; undefined where it is away, which is told once, and once that it is back. Others errors are thrown on.
 */
export function patiently(onNotice: (text: string) => void): <T>(question: () => Promise<T>) => Promise<T | undefined> {
  let isAway = false;
  return async (question) => {
    try {
      const answer = await question();
      if (isAway) onNotice('Slurm answers again');
      isAway = false;
      return answer;
    } catch (error) {
      if (!(error instanceof SlurmAway)) throw error;
      if (!isAway) onNotice(`Slurm cannot be reached, or takes nothing now (${error.message}); it is asked again`);
      isAway = true;
      return undefined;
    }
  };
}
