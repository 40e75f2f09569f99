// Small pieces of text.

/** Markdown's backticks taken out of the few words that the tables hold. */
export const plain = (markdown: string) => markdown.replaceAll("`", "");

export const count = (number: number, noun: string, many = `${noun}s`) => `${number} ${number === 1 ? noun : many}`;

export const bytes = (number: number) => (number < 1024 ? `${number} bytes` : `${(number / 1024).toFixed(1)} KB`);
