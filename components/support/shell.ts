/** Value of a shell variable: a string, an array or an associative array. */
export type ShellValue = string | string[] | Record<string, string>;

/** Returns a string as one word of a shell script: quoted, unless no character of it means anything to a shell. */
export function quote(text: string): string {
  return /^[\w@%+.,:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function assignment(name: string, value: ShellValue): string {
  if (typeof value === "string") return `${name}=${quote(value)}`;
  if (Array.isArray(value)) return `${name}=(${value.map(quote).join(" ")})`;
  const entries = Object.entries(value).map(([key, text]) => `[${quote(key)}]=${quote(text)}`);
  return `declare -A ${name}=(${entries.join("\n")})`;
}

/**
 * Returns the script with the variables assigned below its first line. Lines without code (comments, blank lines) and the
 * indentation are left out: the scripts of a node share the 16 KiB of its user data. So a script may have no text that goes
 * over several lines.
 */
export function withVariables(script: string, variables: Record<string, ShellValue>): string {
  const [shebang, ...body] = script.split("\n");
  const assignments = Object.entries(variables).map(([name, value]) => assignment(name, value));
  const code = body.map((line) => line.trimStart()).filter((line) => !/^(#|$)/.test(line));
  return `${[shebang, ...assignments, ...code].join("\n")}\n`;
}
