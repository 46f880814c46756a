/** A progress line for work that takes over a second. Written only to a terminal, and cleared at the end. */
export class Progress {
  private message = "";
  private shown = false;
  private readonly timer: NodeJS.Timeout;

  /** @param afterMs  delay before the line appears, in milliseconds */
  constructor(
    private readonly stream: Pick<NodeJS.WriteStream, "isTTY" | "write"> & { columns?: number } = process.stderr,
    afterMs = 1000,
  ) {
    this.timer = setTimeout(() => {
      this.shown = true;
      this.show();
    }, afterMs);
  }

  /** Sets the message. */
  step(message: string): void {
    this.message = message;
    if (this.shown) this.show();
  }

  done(): void {
    clearTimeout(this.timer);
    if (this.shown && this.stream.isTTY) this.stream.write("\r\u001b[K");
    this.shown = false;
  }

  private show(): void {
    const { isTTY, columns = Infinity } = this.stream;
    // A line that wraps could not be cleared.
    if (isTTY) this.stream.write(`\r\u001b[K${this.message.slice(0, columns - 1)}`);
  }
}
