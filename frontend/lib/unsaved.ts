// Whether something in this tab would be lost if its page went.
let forms = 0;

export const unsaved = {
  get any(): boolean {
    return forms > 0;
  },
  /** Counts a form as unsaved until the answer is called. */
  add(): () => void {
    forms += 1;
    return () => {
      forms -= 1;
    };
  },
};
