import type { FloatArray, Precision } from './float-array.js';
import type { AsyncSymmetricOperator } from './symmetric-operator.js';

/** Vectors to be multiplied by one of several operators, as `AsyncSymmetricOperator` has them. */
export interface JointRequest {
  /** Which operator. */
  readonly operator: number;
  readonly block: FloatArray;
  readonly columns: number;
}

/** Several symmetric operators, products with which cost less together than one after the other. */
export interface JointOperators {
  readonly dimensions: readonly number[];
  readonly precision?: Precision;
  /** The product of each request, at most one for each operator. */
  apply(requests: readonly JointRequest[]): Promise<Float64Array[]>;
  /** The same at a higher accuracy, where there is such. */
  precise?(requests: readonly JointRequest[]): Promise<Float64Array[]>;
  giveWay?(): Promise<void>;
}

interface Waiting extends JointRequest {
  readonly isPrecise: boolean;
  readonly resolve: (product: Float64Array) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Works on each operator at the same time: products are asked for once every work that is not done waits for one, all of them together. Rejects with
 * the first failure, after which no product is given.
 */
export async function inLockstep<Result>(
  operators: JointOperators,
  work: (operator: AsyncSymmetricOperator, index: number) => Promise<Result>,
): Promise<Result[]> {
  let active = operators.dimensions.length;
  let waiting: Waiting[] = [];
  let failure: { readonly reason: Error } | undefined;

  const answer = async (requests: readonly Waiting[], isPrecise: boolean): Promise<void> => {
    const asked = requests.filter((request) => request.isPrecise === isPrecise);
    if (asked.length === 0) return;
    try {
      const products = await (isPrecise ? operators.precise!(asked) : operators.apply(asked));
      asked.forEach(({ resolve }, i) => {
        resolve(products[i]!);
      });
    } catch (reason) {
      failure ??= { reason: reason as Error };
      for (const { reject } of asked) reject(reason);
    }
  };
  const meet = (): void => {
    if (waiting.length === 0 || waiting.length < active) return;
    const requests = waiting;
    waiting = [];
    void answer(requests, false).then(() => answer(requests, true));
  };
  const route =
    (operator: number, isPrecise: boolean) =>
    (block: FloatArray, columns: number): Promise<Float64Array> =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) {
          reject(failure.reason);
          return;
        }
        waiting.push({ operator, block, columns, isPrecise, resolve, reject });
        meet();
      });
  const one = async (dimension: number, index: number): Promise<Result> => {
    try {
      return await work(
        {
          dimension,
          ...(operators.precision && { precision: operators.precision }),
          ...(operators.giveWay && { giveWay: () => operators.giveWay!() }),
          apply: route(index, false),
          ...(operators.precise && { precise: route(index, true) }),
        },
        index,
      );
    } catch (reason) {
      failure ??= { reason: reason as Error };
      throw reason;
    } finally {
      active--;
      if (failure !== undefined) for (const { reject } of waiting.splice(0)) reject(failure.reason);
      meet();
    }
  };
  const results = await Promise.allSettled(operators.dimensions.map(one));
  if (failure !== undefined) throw failure.reason;
  return results.map((result) => (result as PromiseFulfilledResult<Result>).value);
}
