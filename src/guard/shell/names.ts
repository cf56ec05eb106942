/** Changes since `base` up to this many, or up to the root of its size, are kept beside it. */
const fewest = 16;

/**
 * Names with what they stand for. A copy costs nothing until one of the two is changed, and then only as much as was
 * changed lately: shells fork at every pipe and every branch, and a long script has many of both. (A class: there are
 * thousands of these in a long command.)
 */
export class Names<V> {
  /** Never changed once it is shared. */
  private base: Map<string, V>;
  /** What is other than in `base`; undefined: gone. */
  private lately: Map<string, V | undefined>;
  private shared = false;
  private count: number;

  constructor(base = new Map<string, V>(), lately = new Map<string, V | undefined>(), count = base.size) {
    this.base = base;
    this.lately = lately;
    this.count = count;
  }

  /** A copy whose changes stay its own. */
  fork(): Names<V> {
    const copy = new Names(this.base, this.lately, this.count);
    copy.shared = this.shared = true;
    return copy;
  }

  /** True where both surely hold the same, because neither was changed since they were one. */
  isStill(other: Names<V>): boolean {
    return this.base === other.base && this.lately === other.lately;
  }

  get size(): number {
    return this.count;
  }

  get(name: string): V | undefined {
    return this.lately.has(name) ? this.lately.get(name) : this.base.get(name);
  }

  has(name: string): boolean {
    return this.lately.has(name) ? this.lately.get(name) !== undefined : this.base.has(name);
  }

  set(name: string, value: V): this {
    const known = this.get(name);
    if (known === value) return this;
    if (known === undefined) this.count += 1;
    this.change(name, value);
    return this;
  }

  delete(name: string): void {
    if (!this.has(name)) return;
    this.count -= 1;
    this.change(name, undefined);
  }

  /** True where a name passes; in no order, without a list of them. */
  some(test: (name: string) => boolean): boolean {
    for (const name of this.base.keys()) if (!this.lately.has(name) && test(name)) return true;
    for (const [name, value] of this.lately) if (value !== undefined && test(name)) return true;
    return false;
  }

  /** All names that may stand for different things in these; where nothing tells better, all of them. */
  static differing<V>(all: readonly Names<V>[]): Set<string> {
    const base = all[0]?.base;
    const names = new Set<string>();
    const close = all.every((one) => one.base === base);
    for (const one of all) for (const name of close ? one.lately.keys() : one.keys()) names.add(name);
    return names;
  }

  keys(): Iterable<string> {
    return Array.from(this, ([name]) => name);
  }

  *[Symbol.iterator](): Generator<[string, V]> {
    for (const entry of this.base) if (!this.lately.has(entry[0])) yield entry;
    for (const [name, value] of this.lately) if (value !== undefined) yield [name, value];
  }

  private change(name: string, value: V | undefined): void {
    const { lately, base } = this;
    if (this.shared) {
      const full = lately.size >= fewest && lately.size * lately.size > base.size;
      if (full) [this.base, this.lately] = [new Map(this), new Map<string, V | undefined>()];
      else this.lately = new Map(lately);
      this.shared = false;
    }
    this.lately.set(name, value);
  }
}
