import { DataError } from '../../../src/errors.js';

const notHere = 'no digits of MNIST are served with this page: drop or choose the files of images and labels';

/** The files of MNIST that the page's server has, of those for training if there are such: `mnist/index.json` names them. Throws DataError where it has none. */
export async function servedDigits(left: AbortSignal): Promise<File[]> {
  const names = namesIn(await answerOf('mnist/index.json', left).then((answer) => answer.json() as Promise<unknown>).catch(() => undefined)); // prettier-ignore
  const training = names.filter((name) => name.startsWith('train-'));
  const wanted = (training.length > 0 ? training : names).slice(0, 4);
  if (wanted.length === 0) throw new DataError(notHere);
  return Promise.all(
    wanted.map(async (name) => new File([await (await answerOf(`mnist/${name}`, left)).blob()], name)),
  );
}

async function answerOf(path: string, signal: AbortSignal): Promise<Response> {
  const answer = await fetch(new URL(path, document.baseURI), { signal });
  if (!answer.ok) throw new DataError(`${path} cannot be fetched: the server says ${answer.status}`);
  return answer;
}

/** Names of files in an index of the form { files: [{ path, bytes }] }; none where it has another. */
function namesIn(index: unknown): string[] {
  const { files } = (index ?? {}) as { readonly files?: unknown };
  if (!Array.isArray(files)) return [];
  return files.flatMap((file: unknown) => {
    const { path } = (file ?? {}) as { readonly path?: unknown };
    return typeof path === 'string' && /^[\w.-]+$/.test(path) ? [path] : [];
  });
}
