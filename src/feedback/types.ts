import type { Problem } from '../document/index.ts';

/** How a remark is meant: ✅, ⚠️, ❌, or words without a sign. */
export type Sign = 'good' | 'warning' | 'bad' | 'note';

export interface Remark {
  sign: Sign;
  text: string;
  /** 1-based, in the feedback file. */
  line: number;
  /** Others' words: from a fence, a quote, or indented like code. Always a note. */
  quoted?: true;
}

/** What shall be different from now on, in the person's words. */
export interface Wish {
  text: string;
  line: number;
}

/** What somebody says below one heading, or in one row of a table. */
export interface Said {
  /** 0 to 5 stars. */
  rating?: number;
  /** 1-based line of the rating. */
  ratingLine?: number;
  remarks: Remark[];
  actions: Wish[];
}

export interface TaskFeedback extends Said {
  /** The id as the day has it, however it was written. */
  task: string;
  /** 1-based line of its heading, or of its row. */
  line: number;
}

/** A heading that is no task's: kept with what stands below it. */
export interface OtherSection extends Said {
  heading: string;
  line: number;
}

/** What a feedback file says, and what of it was not understood. Nothing that was written is left out of one of its lists. */
export interface Feedback {
  /** A task once, in the order of the file; what is said of it in several places is one. */
  tasks: TaskFeedback[];
  /** `## Orchestrator Performance`. */
  performance: Said;
  /** `## Tomorrow's Adjustments`: each of its lines. */
  adjustments: Wish[];
  others: OtherSection[];
  /** 1-based line of a fence that is never closed: what stands below it was not looked at. */
  cut?: number;
  problems: Problem[];
}

/** A task of the day, as far as its feedback needs it. */
export interface KnownTask {
  id: string;
  name: string;
}
