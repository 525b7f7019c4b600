/** What a page is of. */
export interface PageHead {
  readonly title: string;
  /** The first paragraph, in Markdown. */
  readonly intro: string;
  /** Before the ids of its experiments, in `--only`. */
  readonly prefix: string;
  /** The last section, in Markdown; left out where there is none. */
  readonly closing?: string;
}

export const paperHead: PageHead = {
  title: 'The paper, reproduced',
  intro:
    'What Gur-Ari, Roberts & Dyer report in "Gradient Descent Happens in a Tiny Subspace" ([arXiv:1812.04754](https://arxiv.org/abs/1812.04754)), and what was later said about it, beside what this package measures.',
  prefix: '',
};

export const laterHead: PageHead = {
  title: 'After the paper',
  intro:
    'What the works that cite [the paper](../README.md) measure and say, each repeated here on a small real task with the same networks and records: their definition where it is published, ours where it is not. ' +
    'Bounds were written down before the runs, but where a section says that they were not.',
  prefix: 'after:',
  closing: [
    '## Cited for the fact alone\n',
    '- Scaling Laws for Neural Language Models ([arXiv:2001.08361](https://arxiv.org/abs/2001.08361)): that most of the gradient is in a small subspace is mentioned; no observable of it is measured, so that there is nothing to repeat.',
    '- A first paper on training language assistants: it cites the fact likewise, and measures none of it.',
    '- A second one of the same kind: the same.',
  ].join('\n'),
};
