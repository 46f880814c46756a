/** A line on the terminal about work that takes over a second; gone when it is done, and never in a file. */
export class Progress {
  private doing = "";
  private shown = false;
  private readonly timer: NodeJS.Timeout;

  /** @param afterMs  patience before the first line, in milliseconds */
  constructor(
    private readonly stream: Pick<NodeJS.WriteStream, "isTTY" | "write"> = process.stderr,
    afterMs = 1000,
  ) {
    this.timer = setTimeout(() => {
      this.shown = true;
      this.show();
    }, afterMs);
  }

  /** Says what is being done now. */
  step(doing: string): void {
    this.doing = doing;
    if (this.shown) this.show();
  }

  done(): void {
    clearTimeout(this.timer);
    if (this.shown && this.stream.isTTY) this.stream.write("\r\u001b[K");
    this.shown = false;
  }

  private show(): void {
    if (this.stream.isTTY) this.stream.write(`\r\u001b[K${this.doing}`);
  }
}
