/** A line on the terminal about work that takes over a second; gone when it is done, and never in a file. */
export class Progress {
  private readonly started = Date.now();
  private shown = false;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** Says what is being done now. */
  step(doing: string): void {
    if (!this.stream.isTTY || Date.now() - this.started < 1000) return;
    this.stream.write(`\r\u001b[K${doing}`);
    this.shown = true;
  }

  done(): void {
    if (this.shown) this.stream.write("\r\u001b[K");
    this.shown = false;
  }
}
