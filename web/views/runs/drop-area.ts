import { element } from '../../core/element.js';
import { droppedFiles, pickedFiles } from './chosen-files.js';
import type { FileHandle } from './run-file.js';

/** Where files come from: two pickers, a place to drop them, and buttons. */
export function dropArea(
  take: (files: () => FileHandle[] | Promise<FileHandle[]>) => void,
  buttons: Readonly<Record<string, () => void>>,
  left: AbortSignal,
): HTMLElement {
  const picker = (text: string, properties: { readonly webkitdirectory?: true }): HTMLElement => {
    const input = element('input', { type: 'file', multiple: true, ...properties });
    input.addEventListener('change', () => {
      const { files } = input;
      if (files !== null && files.length > 0) {
        const picked = Array.from(files);
        const list = Object.assign(picked, { item: (i: number) => picked[i] ?? null }) as unknown as FileList;
        take(() => pickedFiles(list));
      }
      input.value = ''; // the same may be chosen again
    });
    return element('label', { className: 'pick' }, text, input);
  };
  const area = element(
    'section',
    { className: 'drop wide', 'aria-label': 'runs and tables' },
    element(
      'p',
      {},
      'Drop run folders here (the --out of train), sweep tables (results.csv, results.parquet, summary.csv, differences.csv), or records.jsonl with a .safetensors file. Everything is read in this browser, and nothing is uploaded. Commands call a folder as it is called here: they are for where it lies.',
    ),
    element(
      'div',
      { className: 'tools' },
      picker('choose a folder …', { webkitdirectory: true }),
      picker('choose files …', {}),
      ...Object.entries(buttons).map(([text, work]) => {
        const button = element('button', { type: 'button' }, text);
        button.addEventListener('click', work);
        return button;
      }),
    ),
  );
  const listen = (type: 'dragover' | 'dragleave' | 'drop', work: (event: DragEvent) => void): void => {
    document.addEventListener(
      type,
      (event) => {
        event.preventDefault(); // the browser would open the file in place of the page
        work(event);
      },
      { signal: left },
    );
  };
  listen('dragover', () => {
    area.classList.add('over');
  });
  listen('dragleave', () => {
    area.classList.remove('over');
  });
  listen('drop', ({ dataTransfer }) => {
    area.classList.remove('over');
    if (dataTransfer !== null) {
      const files = droppedFiles(dataTransfer);
      take(() => files);
    }
  });
  return area;
}
