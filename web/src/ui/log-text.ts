// Escape sequences of terminals: colours and cursor moves (CSI), titles and links (OSC), and the two-character ones.
// oxlint-disable-next-line no-control-regex
const escapes = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\-_])/g;

/** A log line as plain text: no escape sequences, and of a line that was overwritten with carriage returns only its last state. */
export function plainLine(line: string): string {
  const text = line.replace(escapes, '').replace(/\r+$/, '');
  return text.slice(text.lastIndexOf('\r') + 1);
}
