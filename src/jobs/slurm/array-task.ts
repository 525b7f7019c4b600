import { stopSignals } from '../../files/stop-signals.js';
import { failureOf } from '../failure.js';
import { runArrayTask } from './run-array-task.js';

/** The process of an array task: `array-task FOLDER INDEX`. Told to stop, it ends with what is done kept. */
const stop = new AbortController();
for (const name of stopSignals) {
  process.on(name, () => {
    stop.abort(new Error(name));
  });
}
const [folder, index] = process.argv.slice(2);
try {
  const end = await runArrayTask(folder!, Number(index), stop.signal);
  console.error(end === 'taken' ? 'another process works on this task' : end);
  process.exitCode = end === 'stopped' ? 143 : 0;
} catch (error) {
  const { message, exitCode } = failureOf(error);
  console.error(message);
  process.exit(exitCode ?? 70);
}
