import type { CliIo } from './io.ts';

/** Lines at the end of a terminal that are drawn over their last selves. */
export interface Block {
  /** Shows these lines in place of the last ones. Each must fit into the terminal's width, all of them into its height. */
  draw(lines: readonly string[]): void;
  /** Writes whole lines above the block, which is gone until it is drawn again. */
  above(text: string): void;
  /** Leaves what is shown as it is: the next drawing begins below. */
  leave(): void;
}

/** A block on a terminal. Line by line, so that nothing flickers. */
export function createBlock(io: CliIo): Block {
  let height = 0;
  const toTop = () => (height === 0 ? '\r' : `\r\u001b[${height}A`);
  return {
    draw(lines) {
      io.out(`${toTop()}${lines.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J`);
      height = lines.length;
    },
    above(text) {
      io.out(`${toTop()}\u001b[J${text.endsWith('\n') ? text : `${text}\n`}`);
      height = 0;
    },
    leave() {
      height = 0;
    },
  };
}
