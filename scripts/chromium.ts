import { existsSync } from "node:fs";

/** Debian's Chromium; undefined where there is none. Playwright's own is not downloaded. */
export const chromiumProgram: string | undefined = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((file) =>
  existsSync(file),
);

/** Chromium as root needs it. */
export const chromiumOptions = { executablePath: chromiumProgram ?? "chromium", args: ["--no-sandbox"] };
