// AssemblyScript: the inner loops on vectors in linear memory, for entries of type T (f32 or f64), with all sums in f64.
//
// Vectors of X lie `stride` bytes apart, those of Y, of f64, `apart`; n is a multiple of 4. Four vectors of X are walked side by side, as many
// streams as are prefetched well, and each entry that is loaded is used for two vectors of Y. `npm run kernels` compiles it.

/** Two entries as f64. */
@inline
function pair<T>(at: usize): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at)) : v128.load(at);
}

/** a + b c, each operation rounded. */
@inline
function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return f64x2.add(a, f64x2.mul(b, c));
}

/** The number at c grows by the sum of two. */
function gather(c: usize, sum: v128): void {
  store<f64>(c, load<f64>(c) + (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
}

/** C += XᵀY, C of p rows of q. */
function multiply<T>(x: usize, stride: usize, p: i32, y: usize, apart: usize, q: i32, n: i32, c: usize): void {
  const row = <usize>q << 3;
  let i = 0;
  for (; i + 4 <= p; i += 4) {
    let j = 0;
    for (; j + 2 <= q; j += 2) multiply42<T>(x, stride, y + <usize>j * apart, apart, n, c + (<usize>j << 3), row);
    if (j < q) multiply41<T>(x, stride, y + <usize>j * apart, n, c + (<usize>j << 3), row);
    x += 4 * stride;
    c += 4 * row;
  }
  for (; i < p; i++) {
    for (let j = 0; j < q; j++) multiply11<T>(x, y + <usize>j * apart, n, c + (<usize>j << 3));
    x += stride;
    c += row;
  }
}

/** Four vectors by two. */
function multiply42<T>(x: usize, stride: usize, y: usize, apart: usize, n: i32, c: usize, row: usize): void {
  const end = y + (<usize>n << 3);
  const zero = f64x2.splat(0);
  let a0 = zero, a1 = zero, a2 = zero, a3 = zero;
  let b0 = zero, b1 = zero, b2 = zero, b3 = zero;
  const stride2 = stride + stride, stride3 = stride2 + stride;
  for (; y < end; y += 16) {
    const ya = v128.load(y), yb = v128.load(y + apart);
    let v = pair<T>(x);
    a0 = multiplyAdd(a0, v, ya);
    b0 = multiplyAdd(b0, v, yb);
    v = pair<T>(x + stride);
    a1 = multiplyAdd(a1, v, ya);
    b1 = multiplyAdd(b1, v, yb);
    v = pair<T>(x + stride2);
    a2 = multiplyAdd(a2, v, ya);
    b2 = multiplyAdd(b2, v, yb);
    v = pair<T>(x + stride3);
    a3 = multiplyAdd(a3, v, ya);
    b3 = multiplyAdd(b3, v, yb);
    x += 2 * sizeof<T>();
  }
  gather(c, a0);
  gather(c + 8, b0);
  gather(c + row, a1);
  gather(c + row + 8, b1);
  gather(c + 2 * row, a2);
  gather(c + 2 * row + 8, b2);
  gather(c + 3 * row, a3);
  gather(c + 3 * row + 8, b3);
}

/** Four vectors by one, in two sums each, which do not wait for each other. */
function multiply41<T>(x: usize, stride: usize, y: usize, n: i32, c: usize, row: usize): void {
  const end = y + (<usize>n << 3);
  const zero = f64x2.splat(0);
  let a0 = zero, a1 = zero, a2 = zero, a3 = zero;
  let b0 = zero, b1 = zero, b2 = zero, b3 = zero;
  const x1 = stride, x2 = x1 + stride, x3 = x2 + stride;
  const next: usize = 2 * sizeof<T>();
  for (; y < end; y += 32) {
    const ya = v128.load(y), yb = v128.load(y, 16);
    a0 = multiplyAdd(a0, pair<T>(x), ya);
    b0 = multiplyAdd(b0, pair<T>(x + next), yb);
    a1 = multiplyAdd(a1, pair<T>(x + x1), ya);
    b1 = multiplyAdd(b1, pair<T>(x + x1 + next), yb);
    a2 = multiplyAdd(a2, pair<T>(x + x2), ya);
    b2 = multiplyAdd(b2, pair<T>(x + x2 + next), yb);
    a3 = multiplyAdd(a3, pair<T>(x + x3), ya);
    b3 = multiplyAdd(b3, pair<T>(x + x3 + next), yb);
    x += 2 * next;
  }
  gather(c, f64x2.add(a0, b0));
  gather(c + row, f64x2.add(a1, b1));
  gather(c + 2 * row, f64x2.add(a2, b2));
  gather(c + 3 * row, f64x2.add(a3, b3));
}

function multiply11<T>(x: usize, y: usize, n: i32, c: usize): void {
  const end = y + (<usize>n << 3);
  const next: usize = 2 * sizeof<T>();
  let a = f64x2.splat(0), b = a;
  for (; y < end; y += 32) {
    a = multiplyAdd(a, pair<T>(x), v128.load(y));
    b = multiplyAdd(b, pair<T>(x + next), v128.load(y, 16));
    x += 2 * next;
  }
  gather(c, f64x2.add(a, b));
}

/** Y += X S, S of p rows of q. */
function combine<T>(x: usize, stride: usize, p: i32, y: usize, apart: usize, q: i32, n: i32, s: usize): void {
  const row = <usize>q << 3;
  let i = 0;
  for (; i + 4 <= p; i += 4) {
    let j = 0;
    for (; j + 2 <= q; j += 2) combine42<T>(x, stride, y + <usize>j * apart, apart, n, s + (<usize>j << 3), row);
    if (j < q) combine41<T>(x, stride, y + <usize>j * apart, n, s + (<usize>j << 3), row);
    x += 4 * stride;
    s += 4 * row;
  }
  for (; i < p; i++) {
    for (let j = 0; j < q; j++) combine11<T>(x, y + <usize>j * apart, n, s + (<usize>j << 3));
    x += stride;
    s += row;
  }
}

/** Four terms added to y. */
@inline
function four(y: v128, a: v128, s0: v128, b: v128, s1: v128, d: v128, s2: v128, e: v128, s3: v128): v128 {
  return f64x2.add(y, f64x2.add(multiplyAdd(f64x2.mul(a, s0), b, s1), multiplyAdd(f64x2.mul(d, s2), e, s3)));
}

/** Of four vectors to two. */
function combine42<T>(x: usize, stride: usize, y: usize, apart: usize, n: i32, s: usize, row: usize): void {
  const end = y + (<usize>n << 3);
  const s0 = v128.load64_splat(s), s1 = v128.load64_splat(s + row);
  const s2 = v128.load64_splat(s + 2 * row), s3 = v128.load64_splat(s + 3 * row);
  const t0 = v128.load64_splat(s, 8), t1 = v128.load64_splat(s + row, 8);
  const t2 = v128.load64_splat(s + 2 * row, 8), t3 = v128.load64_splat(s + 3 * row, 8);
  const stride2 = stride + stride, stride3 = stride2 + stride;
  for (; y < end; y += 16) {
    const a = pair<T>(x), b = pair<T>(x + stride), d = pair<T>(x + stride2), e = pair<T>(x + stride3);
    v128.store(y, four(v128.load(y), a, s0, b, s1, d, s2, e, s3));
    v128.store(y + apart, four(v128.load(y + apart), a, t0, b, t1, d, t2, e, t3));
    x += 2 * sizeof<T>();
  }
}

/** Of four vectors to one. */
function combine41<T>(x: usize, stride: usize, y: usize, n: i32, s: usize, row: usize): void {
  const end = y + (<usize>n << 3);
  const s0 = v128.load64_splat(s), s1 = v128.load64_splat(s + row);
  const s2 = v128.load64_splat(s + 2 * row), s3 = v128.load64_splat(s + 3 * row);
  const stride2 = stride + stride, stride3 = stride2 + stride;
  for (; y < end; y += 16) {
    const a = pair<T>(x), b = pair<T>(x + stride), d = pair<T>(x + stride2), e = pair<T>(x + stride3);
    v128.store(y, four(v128.load(y), a, s0, b, s1, d, s2, e, s3));
    x += 2 * sizeof<T>();
  }
}

function combine11<T>(x: usize, y: usize, n: i32, s: usize): void {
  const end = y + (<usize>n << 3);
  const factor = v128.load64_splat(s);
  for (; y < end; y += 16) {
    v128.store(y, multiplyAdd(v128.load(y), pair<T>(x), factor));
    x += 2 * sizeof<T>();
  }
}

export function multiplyF32(x: usize, stride: usize, p: i32, y: usize, apart: usize, q: i32, n: i32, c: usize): void {
  multiply<f32>(x, stride, p, y, apart, q, n, c);
}

export function multiplyF64(x: usize, stride: usize, p: i32, y: usize, apart: usize, q: i32, n: i32, c: usize): void {
  multiply<f64>(x, stride, p, y, apart, q, n, c);
}

export function combineF32(x: usize, stride: usize, p: i32, y: usize, apart: usize, q: i32, n: i32, s: usize): void {
  combine<f32>(x, stride, p, y, apart, q, n, s);
}

export function combineF64(x: usize, stride: usize, p: i32, y: usize, apart: usize, q: i32, n: i32, s: usize): void {
  combine<f64>(x, stride, p, y, apart, q, n, s);
}
